import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { startSqsSource } from '../../../infra/local/event-sources/sqs';
import type { SuspensionEvent } from '../../../lambdas/contracts/suspension-event';
import { syntheticSubjectPrefix } from '../../../lambdas/contracts/synthetic-subject';
import { clientSettings } from '../../../lambdas/delivery/environment';
import type { LogLine } from '../../../lambdas/delivery/log';
import { createHandler, type NotifierHandler } from '../../../lambdas/notifier/handler';
import { defaultPolicy } from '../../../lambdas/suspender/default-policy';
import { eventually } from '../../guard/eventually';
import { freePort, type RedisProcess, startRedisProcess } from '../../guard/redis-process';
import { uniqueName } from '../../infra/local/event-sources/streams-of-one-test';
import { warmSystem } from '../../parts/warm-system';
import { newControlTable } from '../suspender/control-tables';
import { aMessage, aRequest } from '../suspender/requests';
import { startSetting } from '../suspender/setting';

interface Posted {
  readonly text: string;
  readonly event: SuspensionEvent;
  readonly key: unknown;
}

let table: string;
let server: Server;
let url: string;
let posted: Posted[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let handlers: NotifierHandler[];
let lines: LogLine[];
let metrics: string[];

beforeAll(async () => {
  table = await newControlTable();
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Posted;
      posted.push({ ...body, key: request.headers['idempotency-key'] });
      answer(request, response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`;
});

beforeEach(() => {
  posted = [];
  lines = [];
  metrics = [];
  handlers = [];
  answer = (_request, response) => response.writeHead(200).end();
});

afterEach(() => {
  for (const handler of handlers) handler.close();
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function notifier(more: Record<string, string> = {}): NotifierHandler {
  const handler = createHandler(
    {
      ...warmSystem().environment,
      SPILLWAY_CONTROL_TABLE: table,
      SPILLWAY_STORE: 'tests',
      SPILLWAY_NOTIFY_WEBHOOK_URL: url,
      ...more,
    },
    (line) => lines.push(line),
    (line) => metrics.push(line),
  );
  handlers.push(handler);
  return handler;
}

function lifted(subject = 'app_1'): SuspensionEvent {
  const by = { who: 'local:me', reason: 'mended', invocation: 'i' };
  return { version: 1, seq: 1, at: 1_700_000_000_000, kind: 'lifted', id: uniqueName('event'), subject, by };
}

const delivered = async (handler: NotifierHandler, ...events: object[]): Promise<string[]> => {
  const Records = events.map((event, index) => aMessage(JSON.stringify(event), `m${String(index)}`));
  return (await handler({ Records })).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
};

test('an event is told once, however often and by whomever it is delivered', async () => {
  const event = lifted();
  const [one, other] = [notifier(), notifier()];
  await Promise.all([delivered(one, event, event), delivered(other, event)]);
  await delivered(other, event);
  expect(posted).toEqual([
    {
      text: 'The suspension of app_1 was lifted, by local:me: mended (tests, 2023-11-14T22:13:20Z)',
      event,
      key: event.id,
    },
  ]);
});

test('what is told about a suspension is logged under the id of the request that led to it', async () => {
  const { id, excess: reason } = aRequest();
  const suspension = {
    ...{ version: 1, subject: reason.subject, since: 1_000, until: 121_000, offences: 1, scope: 'writes' },
    reason,
  };
  await delivered(notifier(), { ...lifted(), kind: 'suspended', by: undefined, suspension });
  expect(lines).toMatchObject([{ event: 'notification-told', traceId: id, channel: 'webhook' }]);
});

test('what a receiver refuses stays in the queue and is told when it takes it', async () => {
  const event = lifted();
  const handler = notifier();
  answer = (_request, response) => response.writeHead(503).end();
  expect(await delivered(handler, event)).toEqual(['m0']);
  expect(lines[0]).toMatchObject({ event: 'notification-refused' });
  expect(metrics.map((line) => JSON.parse(line) as object)).toMatchObject([
    { Store: 'tests', NotificationsFailed: 1 },
  ]);
  answer = (_request, response) => response.writeHead(204).end();
  expect(await delivered(handler, event)).toEqual([]);
  expect(posted).toHaveLength(2);
});

test('where nobody listens it is tried again', async () => {
  const event = lifted();
  const nobody = `http://127.0.0.1:${String(await freePort())}/`;
  expect(await delivered(notifier({ SPILLWAY_NOTIFY_WEBHOOK_URL: nobody }), event)).toEqual(['m0']);
  expect(await delivered(notifier(), event)).toEqual([]);
  expect(posted).toHaveLength(1);
});

test('where the connection breaks before an answer it may have been told, and is not told twice', async () => {
  const event = lifted();
  const handler = notifier();
  answer = (request) => request.socket.destroy();
  expect(await delivered(handler, event)).toEqual([]);
  expect(lines[0]).toMatchObject({ event: 'notification-unknown' });
  answer = (_request, response) => response.writeHead(200).end();
  await delivered(handler, event);
  expect(posted).toHaveLength(1);
});

test('a template says what is told', async () => {
  await delivered(
    notifier({ SPILLWAY_NOTIFY_TEMPLATE: '{kind}: {subject} because {reason}' }),
    lifted('app_2'),
  );
  expect(posted[0]?.text).toBe('lifted: app_2 because mended');
});

test('a message that is no event is left to the dead-letter queue, and the synthetic subject is not told', async () => {
  const handler = notifier();
  expect(await delivered(handler, { version: 2 }, lifted(`${syntheticSubjectPrefix}1`))).toEqual(['m0']);
  expect(posted).toEqual([]);
});

test('a topic gets the text as well', async () => {
  const { environment } = warmSystem();
  const endpoint = environment['AWS_ENDPOINT_URL_SQS'] ?? '';
  const ofSns = { ...environment, AWS_ENDPOINT_URL_SNS: endpoint };
  const sns = new SNSClient(clientSettings(ofSns, 'SNS'));
  const sqs = new SQSClient(clientSettings(environment, 'SQS'));
  try {
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: uniqueName('topic') }));
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: uniqueName('topic') }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    const Endpoint = Attributes?.['QueueArn'] ?? '';
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
    await delivered(notifier({ ...ofSns, SPILLWAY_NOTIFY_TOPIC_ARN: TopicArn }), lifted());
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    const body = JSON.parse(Messages?.[0]?.Body ?? '{}') as { Message: string; Subject: string };
    expect(body.Message).toContain('The suspension of app_1 was lifted');
    expect(body.Subject).toBe('spillway: lifted app_1');
  } finally {
    sns.destroy();
    sqs.destroy();
  }
});

test('suspended, lifted, ended and an opened breaker go from the decision to the webhook, each once', async () => {
  const { environment } = warmSystem();
  const sqs = new SQSClient(clientSettings(environment, 'SQS'));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: uniqueName('told') }));
  const redisProcess: RedisProcess = await startRedisProcess();
  const policy = { ...defaultPolicy, breaker: { suspensionsPerMinute: 2 } };
  const setting = await startSetting(redisProcess, table, policy, {
    SPILLWAY_NOTIFICATION_QUEUE_URL: QueueUrl,
  });
  const source = await startSqsSource({
    client: sqs,
    queueUrl: QueueUrl,
    handler: notifier(),
    functionName: 'notifier',
    reportBatchItemFailures: true,
    log: () => undefined,
  });
  try {
    await setting.excess({ subject: 'a' });
    await setting.excess({ subject: 'b' });
    await setting.excess({ subject: 'c' });
    await setting.ask('lift', { subject: 'a' });
    setting.pass(600);
    await setting.ask('sweep');
    await setting.ask('sweep');
    const kinds = (): string[] =>
      posted.map(({ event }) => `${event.kind} ${event.subject ?? ''}`.trim()).sort();
    await eventually('five to be told', () => posted.length >= 5);
    expect(kinds()).toEqual(['breaker-opened', 'ended b', 'lifted a', 'suspended a', 'suspended b']);
  } finally {
    await source.stop();
    await setting.end();
    await redisProcess.kill();
    sqs.destroy();
  }
});

test.each([
  [{}, 'neither SPILLWAY_NOTIFY_WEBHOOK_URL nor'],
  [{ SPILLWAY_NOTIFY_WEBHOOK_URL: 'hooks' }, 'is no http or https address'],
  [{ SPILLWAY_NOTIFY_WEBHOOK_URL: 'http://h', SPILLWAY_NOTIFY_TEMPLATE: '{who} {what?}' }, '{what?}'],
  [{ SPILLWAY_NOTIFY_WEBHOOK_URL: 'http://h' }, 'SPILLWAY_CONTROL_TABLE is not set'],
])('an environment of %j is refused with what to set', (environment, message) => {
  expect(() => createHandler(environment)).toThrow(message);
});
