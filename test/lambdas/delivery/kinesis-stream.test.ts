import { type KinesisClient, type PutRecordsCommandInput } from '@aws-sdk/client-kinesis';
import { kinesisClient } from '../../../lambdas/delivery/kinesis-client';
import {
  type KinesisRecord,
  kinesisStream,
  putRecordsLimits,
} from '../../../lambdas/delivery/kinesis-stream';
import { serverEnvironment } from '../../infra/local/event-sources/servers';
import { newStream, recordsIn } from '../../infra/local/event-sources/streams-of-one-test';

const backoff = { tries: 3, firstDelayMs: 1, longestDelayMs: 2 };
let kinesis: KinesisClient;
let name: string;

beforeEach(async () => {
  kinesis = kinesisClient(serverEnvironment());
  ({ name } = await newStream(kinesis, 'usage'));
});

afterEach(() => {
  kinesis.destroy();
});

const records = (count: number): KinesisRecord[] =>
  Array.from({ length: count }, (_, index) => ({ partitionKey: 'p', data: Buffer.from(String(index)) }));

/**
 * Lets only the given number of records of each call through to the server and answers for the others as a busy
 * shard does. Answers with the sizes of the calls.
 */
function acceptPerCall(accepted: number): number[] {
  const calls: number[] = [];
  kinesis.middlewareStack.add(
    (next, context) => async (args) => {
      if (context['commandName'] !== 'PutRecordsCommand') return next(args);
      const input = args.input as PutRecordsCommandInput;
      const all = input.Records ?? [];
      calls.push(all.length);
      const busy = { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'busy' };
      const refused = all.slice(accepted).map(() => busy);
      if (accepted === 0) return { output: { Records: refused, $metadata: {} } as never, response: {} };
      const result = await next({ ...args, input: { ...input, Records: all.slice(0, accepted) } });
      const output = result.output as unknown as { Records: object[] };
      return { ...result, output: { ...output, Records: [...output.Records, ...refused] } as never };
    },
    { step: 'initialize' },
  );
  return calls;
}

test('puts more records than one call takes', async () => {
  await kinesisStream(kinesis, name).put(records(putRecordsLimits.items + 100));
  expect(await recordsIn(kinesis, name)).toHaveLength(putRecordsLimits.items + 100);
});

test('sends again exactly the records that were refused', async () => {
  const calls = acceptPerCall(2);
  await kinesisStream(kinesis, name, backoff).put(records(5));
  expect(calls).toEqual([5, 3, 1]);
  expect((await recordsIn(kinesis, name)).map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4']);
});

test('fails, with the reason, when records stay refused', async () => {
  const calls = acceptPerCall(0);
  await expect(kinesisStream(kinesis, name, backoff).put(records(2))).rejects.toThrow(
    /refused 2 of 2 records 3 times \(ProvisionedThroughputExceededException: busy\).*more shards/,
  );
  expect(calls).toEqual([2, 2, 2]);
});

test('fails with the error of a stream that is not there', async () => {
  await expect(kinesisStream(kinesis, `${name}-gone`).put(records(1))).rejects.toThrow(/not.*(found|exist)/i);
});

test('makes no call for nothing', async () => {
  const calls = acceptPerCall(0);
  await kinesisStream(kinesis, name).put([]);
  expect(calls).toEqual([]);
});
