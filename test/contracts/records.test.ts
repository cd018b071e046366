import { excess } from '../../lambdas/contracts/excess';
import { keyText } from '../../lambdas/contracts/key-text';
import { parseRecord } from '../../lambdas/contracts/parse';
import { requestFor } from '../../lambdas/contracts/suspension-request';
import { usageRecord } from '../../lambdas/contracts/usage-record';
import fc from 'fast-check';

const entry = { resource: 'users', key: 'S:app_1', subject: 'app_1', units: 12, writes: 4 };
const usage = { version: 1, source: 'users', batch: 'e1', part: 0, second: 1_790_000_000, entries: [entry] };
const hot = {
  version: 1 as const,
  application: 'throttle',
  generation: 1,
  detection: 'partition-heat',
  resource: 'users',
  key: 'S:app_1',
  subject: 'app_1',
  units: 60_010,
  limit: 60_000,
  peakSecondUnits: 900,
  activeSeconds: 80,
  windowStart: 1_790_000_000,
  windowEnd: 1_790_000_120,
};

describe('parseRecord', () => {
  it('reads a usage record', () => {
    expect(parseRecord(usageRecord, JSON.stringify(usage))).toEqual({ ok: true, value: usage });
  });

  it.each([
    ['no JSON', '{"version":', /^not JSON: /],
    ['another version', JSON.stringify({ ...usage, version: 2 }), /^version: /],
    [
      'a negative number of units',
      JSON.stringify({ ...usage, entries: [{ ...entry, units: -1 }] }),
      /^entries\.0\.units: /,
    ],
    [
      'part of a unit',
      JSON.stringify({ ...usage, entries: [{ ...entry, units: 1.5 }] }),
      /^entries\.0\.units: /,
    ],
    ['no entries', JSON.stringify({ ...usage, entries: [] }), /^entries: /],
    ['a field the contract lacks', JSON.stringify({ ...usage, extra: 1 }), /extra/],
    ['no record at all', '7', /^the record: /],
  ])('names what is wrong with %s', (_situation, text, reason) => {
    const parsed = parseRecord(usageRecord, text);
    expect(parsed).toEqual({ ok: false, reason: expect.stringMatching(reason) as string });
  });

  it('bounds the reason, however much is wrong', () => {
    const entries = Array.from({ length: 5_000 }, () => ({ ...entry, units: -1 }));
    const parsed = parseRecord(usageRecord, JSON.stringify({ ...usage, entries }));
    const reason = parsed.ok ? '' : parsed.reason;
    expect(reason).toMatch(/^entries\.0\.units: .* …$/);
    expect(reason.length).toBeLessThan(1_100);
  });

  it('takes an excess with and without the fields of a ranking detection', () => {
    expect(parseRecord(excess, JSON.stringify(hot)).ok).toBe(true);
    expect(parseRecord(excess, JSON.stringify({ ...hot, rank: 1, share: 0.4, keyUnits: 150_000 })).ok).toBe(
      true,
    );
    expect(parseRecord(excess, JSON.stringify({ ...hot, share: 1.4 })).ok).toBe(false);
  });
});

describe('the action of an excess', () => {
  it('is one of the known ones, or absent', () => {
    for (const action of ['suspend', 'notify', undefined]) {
      expect(parseRecord(excess, JSON.stringify({ ...hot, action })).ok).toBe(true);
    }
  });

  it.each([
    ['a word that is not known', 'ban'],
    ['null', null],
  ])('is refused as %s', (_what, action) => {
    expect(parseRecord(excess, JSON.stringify({ ...hot, action }))).toEqual({
      ok: false,
      reason: expect.stringMatching(/^action: /) as string,
    });
  });
});

describe('requestFor', () => {
  it('gives one excess one id, whichever generation states it and however its measures differ', () => {
    expect(requestFor({ ...hot, generation: 2, units: 60_500 }).id).toBe(requestFor(hot).id);
  });

  it.each(['application', 'detection', 'resource', 'key', 'subject'] as const)(
    'tells excesses apart by %s',
    (field) => {
      expect(requestFor({ ...hot, [field]: 'another' }).id).not.toBe(requestFor(hot).id);
    },
  );

  it('tells excesses apart by the end of their window', () => {
    expect(requestFor({ ...hot, windowEnd: hot.windowEnd + 1 }).id).not.toBe(requestFor(hot).id);
  });
});

describe('keyText', () => {
  it.each([
    ['a string', [{ S: 'app_1' }], 'S:app_1'],
    ['a number', [{ N: '42' }], 'N:42'],
    ['binary as the stream sends it', [{ B: 'AQI=' }], 'B:AQI='],
    ['binary as the SDK sends it', [{ B: new Uint8Array([1, 2]) }], 'B:AQI='],
    ['several attributes', [{ S: 'a|b' }, { N: '1' }], 'S:a\\|b|N:1'],
  ])('writes %s', (_situation, attributes, text) => {
    expect(keyText(attributes)).toBe(text);
  });

  it('never makes one text of two different keys', () => {
    const key = fc.array(fc.string({ unit: fc.constantFrom('a', '|', '\\', ':') }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(key, key, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        const text = (parts: string[]): string => keyText(parts.map((S) => ({ S })));
        expect(text(one) === text(other)).toBe(same);
      }),
    );
  });
});
