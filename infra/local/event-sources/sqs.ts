import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { Log } from '../../../lambdas/delivery/log';
import { failedItems } from './batch-response';
import { eventFilter, type FilterCriteria } from './event-filter';
import { type Handler, invoke } from './invoke';
import { backoffMs, errorText, pause } from './pause';
import { within } from './source-options';
import { sqsEventRecord } from './sqs-event';

const mostMessages = 10;
const deleteTries = 3;
const firstBackoffMs = 200;
const longestBackoffMs = 5_000;
const shortPollMs = 50;
const defaultVisibilitySeconds = 30;

/** An event holds at most 6 MB; with so much gathered, ten more messages of 256 KB and their attributes still fit. */
const gatheredBytes = 3 * 1024 * 1024;

export interface SqsSourceOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly handler: Handler<SQSEvent>;
  /** The function's name, in logs. */
  readonly functionName: string;
  readonly log: Log;
  /** At most 10,000, and at most 10 without a window. @default 10 */
  readonly batchSize?: number;
  /** How long messages are gathered for one event, until there are enough. @default 0 */
  readonly maximumBatchingWindowSeconds?: number;
  /** Which messages are delivered; the others are deleted. @default all */
  readonly filterCriteria?: FilterCriteria;
  /** The function's answer names the messages that failed. @default false */
  readonly reportBatchItemFailures?: boolean;
  /** The function's time limit, at most the queue's visibility timeout. @default that, and at most 30 */
  readonly timeoutSeconds?: number;
  /** How long one receive waits for messages; `stop` waits as long. @default 1 */
  readonly waitSeconds?: number;
}

export interface SqsSource {
  /** Messages handled: deleted because the function took them or a filter did not, and left because it failed. */
  progress(): { readonly deleted: number; readonly left: number };
  /** Ends receiving and waits for the call of the function that is under way. */
  stop(): Promise<void>;
}

/**
 * Runs a function on a queue as Lambda does. Behaviour: docs/local-event-sources.md. Throws a RangeError for settings
 * that Lambda would refuse for this queue.
 */
export async function startSqsSource(options: SqsSourceOptions): Promise<SqsSource> {
  const { client, queueUrl, functionName, log } = options;
  const windowMs =
    within('maximumBatchingWindowSeconds', options.maximumBatchingWindowSeconds ?? 0, 0, 300) * 1000;
  const batchSize = within(
    'batchSize',
    options.batchSize ?? mostMessages,
    1,
    windowMs < 1000 ? mostMessages : 10_000,
  );
  const filter = options.filterCriteria && eventFilter(options.filterCriteria, ['body']);
  if (queueUrl.endsWith('.fifo'))
    throw new RangeError(`${queueUrl} is a FIFO queue, which this source cannot keep in order`);
  const region = await client.config.region();
  const attributes = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn', 'VisibilityTimeout'] }),
  );
  const queueArn = attributes.Attributes?.['QueueArn'] ?? '';
  const visibilitySeconds = Number(attributes.Attributes?.['VisibilityTimeout'] ?? defaultVisibilitySeconds);
  const timeoutSeconds = options.timeoutSeconds ?? Math.min(visibilitySeconds, defaultVisibilitySeconds);
  if (timeoutSeconds > visibilitySeconds) {
    throw new RangeError(
      `the queue's visibility timeout of ${String(visibilitySeconds)} s is less than the function's timeout of ${String(timeoutSeconds)} s`,
    );
  }
  const stopping = new AbortController();
  const counts = { deleted: 0, left: 0 };
  const polling = poll();
  return {
    progress: () => ({ ...counts }),
    async stop() {
      stopping.abort();
      await polling;
    },
  };

  async function poll(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        const records = await gather();
        failures = 0;
        if (records.length > 0) await deliver(records);
      } catch (cause) {
        failures++;
        log({
          level: 'warn',
          event: 'poll-failed',
          message: `Receiving messages for ${functionName} failed and is tried again: ${errorText(cause)}`,
          failures,
        });
        await pause(backoffMs(failures, firstBackoffMs, longestBackoffMs), stopping.signal);
      }
    }
  }

  /** Receives until the batch is full, as large as an event may be, or its window is over. */
  async function gather(): Promise<SQSRecord[]> {
    const gathered: SQSRecord[] = [];
    let bytes = 0;
    let endsAtMs = Infinity;
    do {
      const leftMs = Math.min(endsAtMs - Date.now(), (options.waitSeconds ?? 1) * 1000);
      // A receive waits for whole seconds.
      if (gathered.length > 0 && leftMs < 1000) await pause(Math.min(leftMs, shortPollMs), stopping.signal);
      const most = Math.min(mostMessages, batchSize - gathered.length);
      const records = await filtered(await receive(most, Math.max(0, Math.floor(leftMs / 1000))));
      if (records.length > 0 && gathered.length === 0) endsAtMs = Date.now() + windowMs;
      gathered.push(...records);
      bytes += records.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
    } while (
      gathered.length > 0 &&
      gathered.length < batchSize &&
      bytes < gatheredBytes &&
      Date.now() < endsAtMs &&
      !stopping.signal.aborted
    );
    return gathered;
  }

  /** What no filter lets through is deleted: nobody else is to get it. */
  async function filtered(messages: readonly Message[]): Promise<SQSRecord[]> {
    const records = messages.map((message) => sqsEventRecord(message, region, queueArn));
    if (filter === undefined) return records;
    const wanted = new Set(records.filter((record) => filter({ body: bodyOf(record) })));
    await remove(records.flatMap((record) => (wanted.has(record) ? [] : record.receiptHandle)));
    return [...wanted];
  }

  /** Not given up at a stop: the server would hide what it has sent until its visibility timeout ends. */
  async function receive(most: number, waitSeconds: number): Promise<Message[]> {
    const answer = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: most,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return answer.Messages ?? [];
  }

  async function deliver(records: readonly SQSRecord[]): Promise<void> {
    const ids = new Set(records.map(({ messageId }) => messageId));
    let failed: ReadonlySet<string> | 'all' = 'all';
    let reason = 'the function reported failed messages';
    try {
      const payload = JSON.stringify({ Records: records });
      const answer = await invoke(options.handler, payload, timeoutSeconds);
      failed = options.reportBatchItemFailures ? failedItems(answer, ids) : new Set();
    } catch (cause) {
      reason = errorText(cause);
    }
    const done = records.filter(({ messageId }) => failed !== 'all' && !failed.has(messageId));
    if (done.length < records.length) {
      const left = records.length - done.length;
      counts.left += left;
      log({
        level: 'warn',
        event: 'messages-failed',
        message: `${String(left)} of ${String(records.length)} messages stay in the queue of ${functionName}: ${reason}`,
        messages: left,
      });
    }
    await remove(done.map(({ receiptHandle }) => receiptHandle));
  }

  async function remove(receiptHandles: readonly string[]): Promise<void> {
    for (let from = 0; from < receiptHandles.length; from += mostMessages) {
      await removeAtOnce(receiptHandles.slice(from, from + mostMessages));
    }
  }

  async function removeAtOnce(receiptHandles: readonly string[]): Promise<void> {
    let left = receiptHandles;
    for (let tries = 1; left.length > 0 && tries <= deleteTries; tries++) {
      const Entries = left.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
      const answer = await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      const failed = new Set((answer.Failed ?? []).map(({ Id }) => Id));
      counts.deleted += left.length - failed.size;
      left = left.filter((_, index) => failed.has(String(index)));
    }
    if (left.length > 0) {
      throw new Error(`${String(left.length)} messages could not be deleted and will be delivered again`);
    }
  }
}

/** A body as filters see it: an object where it is one as JSON, else its text. */
function bodyOf({ body }: SQSRecord): unknown {
  try {
    const value = JSON.parse(body) as unknown;
    return typeof value === 'object' && value !== null ? value : body;
  } catch {
    return body;
  }
}
