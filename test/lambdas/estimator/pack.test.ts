import fc from 'fast-check';
import { parseRecord } from '../../../lambdas/contracts/parse';
import { type UsageEntry, type UsageRecord, usageRecord } from '../../../lambdas/contracts/usage-record';
import { usageOfBatch } from '../../../lambdas/estimator/batch';
import { pack, type PackedUsage } from '../../../lambdas/estimator/pack';
import { change, eventOf, readings, second } from './stream-records';

const entry = (key: string): UsageEntry => ({
  resource: 'users',
  key,
  subject: 'app_1',
  units: 2,
  writes: 1,
});
const secondOf = (entries: readonly UsageEntry[]): Parameters<typeof pack>[0] => [
  { source: 'users', batch: 'first', second, sequence: { first: '1', last: '9' }, entries },
];

function read(packed: readonly PackedUsage[]): UsageRecord[] {
  return packed.map(({ json }) => {
    const parsed = parseRecord(usageRecord, json);
    if (!parsed.ok) throw new Error(parsed.reason);
    return parsed.value;
  });
}

describe('pack', () => {
  it('writes usage records of the contract', () => {
    expect(read(pack(secondOf([entry('S:k1')])))).toEqual([
      {
        version: 1,
        source: 'users',
        batch: 'first',
        part: 0,
        second,
        firstSequence: '1',
        lastSequence: '9',
        entries: [entry('S:k1')],
      },
    ]);
  });

  it('leaves the sequence numbers out where the batch has none', () => {
    const [packed] = pack(secondOf([entry('S:k1')]).map((usage) => ({ ...usage, sequence: undefined })));
    expect(packed?.json).not.toContain('Sequence');
    expect(read(packed ? [packed] : [])).toHaveLength(1);
  });

  it('fills records up to the bytes given, in order, and never splits an entry', () => {
    const keys = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), { minLength: 1 });
    fc.assert(
      fc.property(keys, (all) => {
        const packed = pack(secondOf(all.map(entry)), 400);
        const records = read(packed);
        expect(records.flatMap(({ entries }) => entries)).toEqual(all.map(entry));
        expect(records.map(({ part }) => part)).toEqual(records.map((_, index) => index));
        records.forEach(({ entries }, index) => {
          const bytes = Buffer.byteLength(packed[index]?.json ?? '');
          if (entries.length > 1) expect(bytes).toBeLessThanOrEqual(400);
          const next = records[index + 1]?.entries[0];
          if (next) expect(bytes + Buffer.byteLength(JSON.stringify(next)) + 10).toBeGreaterThan(400);
        });
      }),
    );
  });

  it('gives an entry that is larger than a record a record of its own', () => {
    const packed = pack(secondOf([entry('S:a'), entry('x'.repeat(1000)), entry('S:z')]), 400);
    expect(read(packed).map(({ entries }) => entries.length)).toEqual([1, 1, 1]);
  });

  it('numbers parts per second', () => {
    const seconds = [...secondOf([entry('S:a')]), { ...secondOf([entry('S:b')])[0], second: second + 1 }];
    const packed = pack(seconds as Parameters<typeof pack>[0]);
    expect(read(packed).map(({ part, second }) => [part, second])).toEqual([
      [0, second],
      [0, second + 1],
    ]);
    expect(new Set(packed.map(({ identity }) => identity)).size).toBe(2);
  });

  it('makes the same bytes of a batch that is tried again', () => {
    const text = JSON.stringify(
      eventOf(...Array.from({ length: 300 }, (_, index) => change({ key: `k${String(index)}` }))),
    );
    const packOf = (): PackedUsage[] =>
      pack(usageOfBatch(JSON.parse(text) as ReturnType<typeof eventOf>, readings).seconds);
    expect(packOf()).toEqual(packOf());
    expect(packOf().length).toBeGreaterThan(1);
  });
});
