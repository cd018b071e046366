import fc from 'fast-check';
import { usageOfBatch } from '../../../lambdas/estimator/batch';
import { change, eventOf, readings, second } from './stream-records';

const usageOf = (...changes: ReturnType<typeof change>[]): ReturnType<typeof usageOfBatch> =>
  usageOfBatch(eventOf(...changes), readings);

describe('usageOfBatch', () => {
  it('adds up per second, key and subject, sorted', () => {
    const changes = [
      change({ eventID: 'first', key: 'k2', newBytes: 3000 }),
      change({ key: 'k1' }),
      change({ key: 'k2', newBytes: 2000 }),
      change({ key: 'k2', app: 'app_0' }),
      change({ key: 'k1', second: second - 1 }),
    ];
    const { seconds, setAside } = usageOf(...changes);
    const sequence = {
      first: changes[0]?.dynamodb?.SequenceNumber,
      last: changes.at(-1)?.dynamodb?.SequenceNumber,
    };
    const entry = { resource: 'users', subject: 'app_1' };
    expect(setAside).toEqual([]);
    expect(seconds).toEqual([
      {
        source: 'users',
        batch: 'first',
        second: second - 1,
        sequence,
        entries: [{ ...entry, key: 'S:k1', units: 1, writes: 1 }],
      },
      {
        source: 'users',
        batch: 'first',
        second,
        sequence,
        entries: [
          { ...entry, key: 'S:k1', units: 1, writes: 1 },
          { ...entry, key: 'S:k2', subject: 'app_0', units: 1, writes: 1 },
          { ...entry, key: 'S:k2', units: 5, writes: 2 },
        ],
      },
    ]);
  });

  it('keeps tables apart', () => {
    const { seconds } = usageOf(change({ table: 'users' }), change({ table: 'orders' }));
    expect(seconds.map(({ source }) => source)).toEqual(['orders', 'users']);
  });

  it('sets bad records aside as they came and counts the others', () => {
    const bad = { ...change({}), dynamodb: undefined };
    const { seconds, setAside } = usageOf(bad, change({}), change({ table: 'invoices' }));
    expect(seconds[0]?.entries).toHaveLength(1);
    expect(setAside.map(({ reason }) => reason)).toEqual(['malformed', 'unknown-table']);
    expect(setAside[0]?.record).toBe(JSON.stringify(bad));
  });

  it('has no usage when every record is bad', () => {
    expect(usageOf(change({ table: 'invoices' }), change({ table: 'invoices' })).seconds).toEqual([]);
  });

  it('is named after its first record that has an eventID', () => {
    const bad = { ...change({}), eventID: undefined };
    const { seconds, setAside } = usageOf(bad, change({ eventID: 'first' }));
    expect(seconds[0]?.batch).toBe('first');
    expect(setAside).toHaveLength(1);
  });

  it('tells once per table and attribute how many changes have no subject', () => {
    const without = (eventID: string): ReturnType<typeof change> => {
      const record = change({ eventID, app: '' });
      return record;
    };
    const { withoutSubject, seconds } = usageOf(without('e1'), change({}), without('e2'));
    expect(withoutSubject).toEqual([
      {
        table: 'users',
        template: '{app_id}',
        attribute: 'app_id',
        problem: 'empty',
        changes: 2,
        firstEventId: 'e1',
      },
    ]);
    expect(seconds[0]?.entries.find(({ subject }) => subject === '')).toMatchObject({ writes: 2 });
  });

  it('neither loses nor invents units, and names each entry once', () => {
    const changes = fc.array(
      fc.record({
        key: fc.constantFrom('a', 'ab', 'b'),
        app: fc.constantFrom('a', 'ab', 'b'),
        second: fc.constantFrom(second, second + 1),
        newBytes: fc.integer({ min: 20, max: 5000 }),
      }),
    );
    fc.assert(
      fc.property(changes, (all) => {
        const { seconds } = usageOf(...all.map(change));
        const entries = seconds.flatMap(({ entries, second }) =>
          entries.map((entry) => ({ ...entry, second })),
        );
        const names = entries.map(({ key, subject, second }) => JSON.stringify([key, subject, second]));
        expect(new Set(names).size).toBe(names.length);
        for (const entry of entries) {
          const same = all.filter((one) => {
            return `S:${one.key}` === entry.key && one.app === entry.subject && one.second === entry.second;
          });
          expect(entry.writes).toBe(same.length);
          expect(entry.units).toBe(same.reduce((sum, { newBytes }) => sum + Math.ceil(newBytes / 1024), 0));
        }
        expect(entries.reduce((sum, { writes }) => sum + writes, 0)).toBe(all.length);
      }),
    );
  });
});
