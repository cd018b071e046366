import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import {
  type SqsSource,
  type SqsSourceOptions,
  startSqsSource,
} from '../../../../infra/local/event-sources/sqs';
import { clientSettings } from '../../../../lambdas/delivery/environment';
import type { LogLine } from '../../../../lambdas/delivery/log';
import { type RecordingHandler, recordingHandler } from './recording-handler';
import { serverEnvironment } from './servers';
import { newQueue } from './streams-of-one-test';
import { until } from './until';

let sqs: SQSClient;
let queueUrl: string;
let source: SqsSource | undefined;
let lines: LogLine[];

beforeEach(async () => {
  lines = [];
  sqs = new SQSClient(clientSettings(serverEnvironment(), 'SQS'));
  queueUrl = await newQueue(sqs, { VisibilityTimeout: '1' });
});

afterEach(async () => {
  await source?.stop();
  source = undefined;
  sqs.destroy();
});

async function start(
  handler: RecordingHandler<SQSEvent>,
  options: Partial<SqsSourceOptions> = {},
): Promise<void> {
  source = await startSqsSource({
    client: sqs,
    queueUrl,
    handler,
    functionName: 'suspender',
    log: (line) => lines.push(line),
    ...options,
  });
}

async function send(...bodies: string[]): Promise<void> {
  for (const body of bodies)
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
}

const bodiesOf = (handler: RecordingHandler<SQSEvent>): string[] =>
  handler.events.flatMap(({ Records }) => Records.map(({ body }) => body));

async function messagesIn(url: string): Promise<string[]> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 1 }));
  return Messages.map(({ Body = '' }) => Body);
}

test('an event has the shape that Lambda gives it', async () => {
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'excess' } };
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'né', MessageAttributes }));
  const handler = recordingHandler<SQSEvent>();
  await start(handler);
  await until('a message came', () => handler.events.length > 0);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
  );
  const anyText = expect.any(String) as string;
  expect(handler.events[0]).toStrictEqual({
    Records: [
      {
        messageId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        receiptHandle: anyText,
        body: 'né',
        attributes: expect.objectContaining({
          ApproximateReceiveCount: '1',
          SentTimestamp: expect.stringMatching(/^\d{13}$/) as string,
          SenderId: anyText,
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/) as string,
        }) as object,
        messageAttributes: {
          kind: { stringValue: 'excess', stringListValues: [], binaryListValues: [], dataType: 'String' },
        },
        md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        eventSource: 'aws:sqs',
        eventSourceARN: Attributes?.['QueueArn'],
        awsRegion: 'us-east-1',
      },
    ],
  });
});

test('messages that were handled are deleted', async () => {
  await send('a', 'b', 'c');
  await start(recordingHandler());
  await until('all are deleted', () => source?.progress().deleted === 3);
  expect(source?.progress()).toEqual({ deleted: 3, left: 0 });
});

test('of a batch with failed messages only those come again', async () => {
  await send('a', 'b', 'c');
  const handler = recordingHandler<SQSEvent>((event) => ({
    batchItemFailures: event.Records.filter(
      ({ body, attributes }) => body === 'b' && attributes.ApproximateReceiveCount === '1',
    ).map(({ messageId }) => ({ itemIdentifier: messageId })),
  }));
  await start(handler, { reportBatchItemFailures: true });
  await until('all are deleted', () => source?.progress().deleted === 3);
  expect(bodiesOf(handler).sort()).toEqual(['a', 'b', 'b', 'c']);
});

test.each([
  ['that throws', () => Promise.reject(new Error('not now')), 1],
  ['that takes too long', () => new Promise(() => undefined), 0.05],
  ['that names a message it did not get', () => ({ batchItemFailures: [{ itemIdentifier: 'x' }] }), 1],
])('nothing is deleted after a call %s', async (_situation, answer, timeoutSeconds) => {
  await send('a', 'b');
  const handler = recordingHandler<SQSEvent>((_event, call) => (call === 0 ? answer() : undefined));
  await start(handler, { reportBatchItemFailures: true, timeoutSeconds });
  await until('all are deleted', () => source?.progress().deleted === 2);
  expect(source?.progress().left).toBe(handler.events[0]?.Records.length);
  expect(bodiesOf(handler)).toHaveLength(2 + (handler.events[0]?.Records.length ?? 0));
  expect(lines[0]?.event).toBe('messages-failed');
});

test('a window gathers messages of several receives into one event', async () => {
  queueUrl = await newQueue(sqs, { VisibilityTimeout: '60' });
  const bodies = Array.from({ length: 25 }, (_, index) => String(index));
  await send(...bodies);
  const handler = recordingHandler<SQSEvent>();
  await start(handler, { batchSize: 25, maximumBatchingWindowSeconds: 60 });
  await until('all are deleted', () => source?.progress().deleted === 25);
  expect(handler.events.map(({ Records }) => Records.length)).toEqual([25]);
  expect(bodiesOf(handler).sort()).toEqual([...bodies].sort());
});

test('a window that ends delivers what it gathered', async () => {
  queueUrl = await newQueue(sqs, { VisibilityTimeout: '30' });
  await send('a');
  const handler = recordingHandler<SQSEvent>();
  await start(handler, { batchSize: 100, maximumBatchingWindowSeconds: 1 });
  await until('it is deleted', () => source?.progress().deleted === 1);
  expect(bodiesOf(handler)).toEqual(['a']);
});

test('messages that no filter lets through are deleted and not delivered', async () => {
  await send('{"kind":"wanted"}', '{"kind":"other"}', 'plain text', 'no');
  const handler = recordingHandler<SQSEvent>();
  const Filters = [{ Pattern: '{"body":{"kind":["wanted"]}}' }, { Pattern: '{"body":[{"prefix":"plain"}]}' }];
  await start(handler, { filterCriteria: { Filters } });
  await until('all are deleted', () => source?.progress().deleted === 4);
  expect(bodiesOf(handler).sort()).toEqual(['plain text', '{"kind":"wanted"}']);
});

test.each([
  [
    'a batch of more than 10 without a window',
    { batchSize: 11 },
    'batchSize is 11, which must lie between 1 and 10',
  ],
  [
    'a function that may take longer than messages are hidden',
    { timeoutSeconds: 2 },
    'visibility timeout of 1 s is less',
  ],
  ['a FIFO queue', { queueUrl: 'http://127.0.0.1:1/000000000000/orders.fifo' }, 'is a FIFO queue'],
])('%s is refused at the start', async (_what, options, message) => {
  await expect(start(recordingHandler(), options)).rejects.toThrow(message);
});

test("a message that keeps failing moves to the queue's dead-letter queue", async () => {
  const deadLetterUrl = await newQueue(sqs);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetterUrl, AttributeNames: ['QueueArn'] }),
  );
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes?.['QueueArn'], maxReceiveCount: 2 });
  queueUrl = await newQueue(sqs, { VisibilityTimeout: '1', RedrivePolicy });
  await send('bad');
  const handler = recordingHandler<SQSEvent>(() => Promise.reject(new Error('never')));
  await start(handler);
  await until('it is in the dead-letter queue', async () =>
    (await messagesIn(deadLetterUrl)).includes('bad'),
  );
  expect(handler.events).toHaveLength(2);
});

test('receiving goes on after an error of the server', async () => {
  let failing = true;
  sqs.middlewareStack.add(
    (next, context) => (args) => {
      if (failing && context['commandName'] === 'ReceiveMessageCommand')
        throw new Error('connection refused');
      return next(args);
    },
    { step: 'initialize' },
  );
  const handler = recordingHandler<SQSEvent>();
  await start(handler);
  await until('the error was met', () => lines.some(({ event }) => event === 'poll-failed'));
  failing = false;
  await send('a');
  await until('the message came', () => bodiesOf(handler).includes('a'));
});

test('stop waits for the call under way', async () => {
  await send('a');
  let finish: (() => void) | undefined;
  const underWay = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const handler = recordingHandler<SQSEvent>(() => underWay);
  await start(handler);
  await until('a call is under way', () => handler.events.length > 0);
  const stopping = source?.stop();
  finish?.();
  await stopping;
  expect(source?.progress().deleted).toBe(1);
});
