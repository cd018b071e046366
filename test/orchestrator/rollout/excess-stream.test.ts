import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { Excess } from '../../../lambdas/contracts/excess';
import { kinesisClient } from '../../../lambdas/delivery/kinesis-client';
import { kinesisStream } from '../../../lambdas/delivery/kinesis-stream';
import { type ExcessStream, excessStream } from '../../../orchestrator/rollout/excess-stream';
import { kinesisStreams, type Streams } from '../../../orchestrator/service/streams';
import { newStream, recordsIn } from '../../infra/local/event-sources/streams-of-one-test';
import { warmSystem } from '../../parts/warm-system';
import { excessOf } from './excesses';

const { environment } = warmSystem();
const start = new Date(0);
let kinesis: KinesisClient;
let streams: Streams;
let name: string;
let stated: ExcessStream;

beforeAll(() => {
  kinesis = kinesisClient(environment);
  streams = kinesisStreams('us-east-1', environment);
});

afterAll(() => {
  kinesis.destroy();
  streams.close();
});

beforeEach(async () => {
  name = (await newStream(kinesis, 'excess', 2)).name;
  stated = excessStream(streams, name, 0);
});

async function put(...texts: (string | Excess)[]): Promise<void> {
  const records = texts.map((text, index) => ({
    partitionKey: `p${index}`,
    data: Buffer.from(typeof text === 'string' ? text : JSON.stringify(text)),
  }));
  await kinesisStream(kinesis, name).put(records);
}

const subjectsOf = (of: readonly { excess: Excess }[]): string[] =>
  of.map(({ excess }) => excess.subject).sort();

test('excesses of one application come from all shards, and what is none is passed over', async () => {
  const others = { ...excessOf('other'), application: 'other' };
  await put(excessOf('a'), '{', others, excessOf('b', { generation: 2 }), excessOf('c'));
  expect(subjectsOf(await stated.since(start, 'throttle'))).toEqual(['a', 'b', 'c']);
  expect(subjectsOf(await stated.since(start, 'throttle', 2))).toEqual(['b']);
  const [first] = await stated.since(start, 'other');
  expect(first).toMatchObject({ excess: others, text: JSON.stringify(others), partitionKey: 'p2' });
});

test('reading begins at the moment that is asked for', async () => {
  await put(excessOf('before'));
  const arrivedAt = (await stated.since(start, 'throttle'))[0]?.arrivedAt ?? start;
  const after = new Date(arrivedAt.getTime() + 1);
  while (Date.now() < after.getTime() + 2) await put('a record that moves the clock on');
  await put(excessOf('after'));
  expect(subjectsOf(await stated.since(after, 'throttle'))).toEqual(['after']);
  expect(subjectsOf(await stated.since(arrivedAt, 'throttle'))).toEqual(['after', 'before']);
});

test('what a generation said from a second on is put again once, as it was', async () => {
  const nowSecond = Math.floor(Date.now() / 1_000);
  const at = (windowEnd: number, generation = 1): Partial<Excess> => ({ windowEnd, generation });
  const early = excessOf('app_2', { ...at(nowSecond), units: 60_001 });
  await put(
    excessOf('app_1', at(nowSecond - 1)),
    early,
    excessOf('app_2', at(nowSecond)),
    excessOf('app_3', at(nowSecond, 2)),
    excessOf('app_4', at(nowSecond + 5)),
  );
  expect(await stated.resendUnheard('throttle', 1, nowSecond)).toBe(2);
  const records = await recordsIn(kinesis, name);
  const again = new Set(records.map(({ text }) => text).filter((text, at, all) => all.indexOf(text) !== at));
  expect([...again].map((text) => (JSON.parse(text) as Excess).subject).sort()).toEqual(['app_2', 'app_4']);
  expect(records).toHaveLength(7);
  // A second time it puts no more than that.
  expect(await stated.resendUnheard('throttle', 1, nowSecond)).toBe(2);
});

test('more than may be read is refused, and says what to do', async () => {
  await put(excessOf('a'), excessOf('b'));
  const bounded = kinesisStreams('us-east-1', environment, { records: 1, timeMs: 1_000 });
  await expect(excessStream(bounded, name, 0).since(start, 'throttle')).rejects.toThrow(
    /holds more than 1 records since .*: begin later/,
  );
  bounded.close();
  await expect(excessStream(streams, 'no-such-stream', 0).since(start, 'throttle')).rejects.toThrow(
    /^there is no stream no-such-stream in us-east-1: deploy the infrastructure first/,
  );
});
