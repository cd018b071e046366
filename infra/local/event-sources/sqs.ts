import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import type { Log } from '../../../lambdas/delivery/log';
import { failedItems } from './batch-response';
import { type Handler, invoke } from './invoke';
import { backoffMs, errorText, pause } from './pause';
import { sqsEventRecord } from './sqs-event';

const mostMessages = 10;
const deleteTries = 3;
const firstBackoffMs = 200;
const longestBackoffMs = 5_000;

export interface SqsSourceOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly handler: Handler<SQSEvent>;
  /** The function's name, in logs. */
  readonly functionName: string;
  readonly log: Log;
  /** At most 10, which one receive gives. @default 10 */
  readonly batchSize?: number;
  /** The function's answer names the messages that failed. @default false */
  readonly reportBatchItemFailures?: boolean;
  /** The function's time limit. @default 30, the visibility timeout of a queue unless set */
  readonly timeoutSeconds?: number;
  /** How long one receive waits for messages; `stop` waits as long. @default 1 */
  readonly waitSeconds?: number;
}

export interface SqsSource {
  /** Messages handled: deleted because the function took them, and left in the queue because it did not. */
  progress(): { readonly deleted: number; readonly left: number };
  /** Ends receiving and waits for the call of the function that is under way. */
  stop(): Promise<void>;
}

/** Runs a function on a queue as Lambda does. Behaviour: docs/local-event-sources.md. */
export async function startSqsSource(options: SqsSourceOptions): Promise<SqsSource> {
  const { client, queueUrl, functionName, log } = options;
  const batchSize = options.batchSize ?? mostMessages;
  if (batchSize < 1 || batchSize > mostMessages) {
    throw new RangeError(
      `batchSize is ${String(batchSize)}, which must lie between 1 and ${String(mostMessages)}`,
    );
  }
  const region = await client.config.region();
  const attributes = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
  );
  const queueArn = attributes.Attributes?.['QueueArn'] ?? '';
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
        const messages = await receive();
        failures = 0;
        if (messages.length > 0) await deliver(messages);
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

  /** Not given up at a stop: the server would hide what it has sent until its visibility timeout ends. */
  async function receive(): Promise<Message[]> {
    const answer = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: batchSize,
        WaitTimeSeconds: options.waitSeconds ?? 1,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return answer.Messages ?? [];
  }

  async function deliver(messages: readonly Message[]): Promise<void> {
    const records = messages.map((message) => sqsEventRecord(message, region, queueArn));
    const ids = new Set(records.map(({ messageId }) => messageId));
    let failed: ReadonlySet<string> | 'all' = 'all';
    let reason = 'the function reported failed messages';
    try {
      const payload = JSON.stringify({ Records: records });
      const answer = await invoke(options.handler, payload, options.timeoutSeconds ?? 30);
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
