import fc from 'fast-check';
import { ByteBudget } from '../../../../infra/local/servers/kinesis-front/byte-budget';
import { iteratorText, parseIterator } from '../../../../infra/local/servers/kinesis-front/iterators';
import { serviceLimits } from '../../../../infra/local/servers/kinesis-front/limits';
import { AmountRate, CallRate, ReadAllowance } from '../../../../infra/local/servers/kinesis-front/rates';
import { RecentlyUsed } from '../../../../infra/local/servers/kinesis-front/recently-used';
import { dataBytes, nextIterator } from '../../../../infra/local/servers/kinesis-front/records-answer';
import { openShards, shardOf } from '../../../../infra/local/servers/kinesis-front/shard-map';

const MiB = 1024 * 1024;

/** Steps of time and what happens at each. */
const steps = (most: number) =>
  fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: most })));

test('no second ever sees more calls than the rate, and one that is due is never refused', () => {
  fc.assert(
    fc.property(steps(1), (taken) => {
      const rate = new CallRate(5);
      const made: number[] = [];
      let nowMs = 0;
      for (const [stepMs] of taken) {
        nowMs += stepMs;
        const lately = made.filter((atMs) => nowMs - atMs < 1_000).length;
        expect(rate.take(nowMs)).toBe(lately < 5);
        if (lately < 5) made.push(nowMs);
      }
    }),
  );
});

test('no second ever sees more than the amount, and what fits into 1,050 ms is never refused', () => {
  fc.assert(
    fc.property(steps(60), (wanted) => {
      const rate = new AmountRate(100);
      const taken: (readonly [number, number])[] = [];
      const within = (nowMs: number, ms: number): number =>
        taken.filter(([atMs]) => nowMs - atMs < ms).reduce((sum, [, amount]) => sum + amount, 0);
      let nowMs = 0;
      for (const [stepMs, amount] of wanted) {
        nowMs += stepMs;
        const fits = rate.fits(amount, nowMs);
        if (within(nowMs, 1_000) + amount > 100) expect(fits).toBe(false);
        if (within(nowMs, 1_051) + amount <= 100) expect(fits).toBe(true);
        if (!fits) continue;
        rate.add(amount, nowMs);
        taken.push([nowMs, amount]);
      }
    }),
  );
});

test('a shard gives 2 MiB a second: what an answer was too much is made up for', () => {
  const allowance = new ReadAllowance(serviceLimits);
  expect(allowance.mayRead(0)).toBe(true);
  allowance.read(5 * MiB, 0);
  expect(allowance.mayRead(1_500)).toBe(false);
  expect(allowance.mayRead(1_501)).toBe(true);
  allowance.read(1, 1_501);
  expect(allowance.mayRead(1_502)).toBe(true);
});

test('after an answer of 10 MiB a shard gives nothing for five seconds', () => {
  const allowance = new ReadAllowance(serviceLimits);
  allowance.read(10 * MiB, 0);
  expect(allowance.mayRead(4_999)).toBe(false);
  expect(allowance.mayRead(5_000)).toBe(true);
});

test('an iterator is good for five minutes, whatever the name of its stream', () => {
  const iterator = {
    stream: 'a.b-c_d',
    shardId: 'shardId-000000000007',
    issuedAtMs: 1_000,
    inner: 'AAA+/w==',
  };
  const text = iteratorText(iterator);
  expect(parseIterator(text, 300_999, serviceLimits.iteratorLifeMs)).toEqual(iterator);
  expect(() => parseIterator(text, 301_000, serviceLimits.iteratorLifeMs)).toThrow(
    expect.objectContaining({ type: 'ExpiredIteratorException' }),
  );
});

test.each(['', 'AAAA', 'x.y.z.w', 'k.shardId-000000000007..AAA', 'k.shardId-000000000007.stream.'])(
  '%j is no iterator',
  (text) => {
    expect(() => parseIterator(text, 0, 1)).toThrow(
      expect.objectContaining({ type: 'InvalidArgumentException' }),
    );
  },
);

test('the data of an answer is counted and its next iterator found, whatever the records say', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('"Data":"', '"NextShardIterator":"x"', '\\"'));
  const record = fc.record({ Data: fc.uint8Array(), PartitionKey: text });
  fc.assert(
    fc.property(fc.array(record), fc.boolean(), (records, iteratorFirst) => {
      const Records = records.map(({ Data, PartitionKey }) => ({
        Data: Buffer.from(Data).toString('base64'),
        PartitionKey,
      }));
      const NextShardIterator = 'AAA+/w==';
      const answer = iteratorFirst ? { NextShardIterator, Records } : { Records, NextShardIterator };
      const body = Buffer.from(JSON.stringify(answer));
      expect(dataBytes(body)).toBe(records.reduce((sum, { Data }) => sum + Data.length, 0));
      const { before, iterator, after } = nextIterator(body) ?? {};
      expect(iterator).toBe(NextShardIterator);
      expect(Buffer.concat([before ?? body, Buffer.from(NextShardIterator), after ?? body])).toEqual(body);
      expect(nextIterator(Buffer.from(JSON.stringify({ Records, NextShardIterator: null })))).toBeUndefined();
    }),
  );
});

test('a record goes to the open shard of its hash key', () => {
  const shard = (ShardId: string, from: bigint, closed = false): object => ({
    ShardId,
    HashKeyRange: { StartingHashKey: String(from) },
    SequenceNumberRange: { EndingSequenceNumber: closed ? '9' : null },
  });
  const half = 2n ** 127n;
  const open = openShards([shard('whole', 0n, true), shard('upper', half), shard('lower', 0n)]);
  expect(shardOf(open, 'any', String(half - 1n))).toBe('lower');
  expect(shardOf(open, 'any', String(half))).toBe('upper');
  // md5('a') is 0cc1…, md5('b') 92eb…
  expect(['a', 'b'].map((key) => shardOf(open, key, undefined))).toEqual(['lower', 'upper']);
  expect(shardOf([], 'a', undefined)).toBeUndefined();
});

test('bytes that are not free are waited for, first come, first served', async () => {
  const budget = new ByteBudget(100);
  const order: string[] = [];
  const first = await budget.take(60);
  const large = budget.take(1_000).then((release) => (order.push('large'), release));
  const small = budget.take(1).then((release) => (order.push('small'), release));
  await new Promise(setImmediate);
  expect(order).toEqual([]);
  first();
  first();
  (await large)();
  (await small)();
  expect(order).toEqual(['large', 'small']);
});

test('what was not used for longest is forgotten first', () => {
  let made = 0;
  const used = new RecentlyUsed(2, (key) => `${key}${(made++).toString()}`);
  expect(['a', 'b', 'a', 'c', 'a', 'b'].map((key) => used.get(key))).toEqual([
    'a0',
    'b1',
    'a0',
    'c2',
    'a0',
    'b3',
  ]);
});
