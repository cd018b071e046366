import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { toldKinds } from '../contracts/notification';
import type { SuspensionEvent } from '../contracts/suspension-event';
import { sendUntilAccepted } from '../delivery/backoff';
import { type CallLimits, cutIntoCalls } from '../delivery/calls';
import { clientSettings, type Environment } from '../delivery/environment';

/** Takes the events that people are told of. */
export interface NotificationQueue {
  /** Puts those of the events on the queue that people are told of. Throws where the queue does not take them. */
  send(events: readonly SuspensionEvent[]): Promise<void>;
  close(): void;
}

const sendLimits: CallLimits = { items: 10, bytes: 256 * 1024 };

/** The queue of the given URL, or one that takes nothing where there is none. */
export function notificationQueue(environment: Environment, queueUrl: string | undefined): NotificationQueue {
  if (queueUrl === undefined) return { send: () => Promise.resolve(), close: () => undefined };
  const client = new SQSClient(clientSettings(environment, 'SQS'));
  return {
    async send(events) {
      const bodies = events
        .filter(({ kind, simulated }) => simulated !== true && toldKinds.has(kind))
        .map((event) => JSON.stringify(event));
      for (const call of cutIntoCalls(bodies, Buffer.byteLength, sendLimits)) {
        const left = await sendUntilAccepted(call, async (messages) => {
          const { Failed = [] } = await client.send(
            new SendMessageBatchCommand({
              QueueUrl: queueUrl,
              Entries: messages.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
            }),
          );
          return Failed.flatMap(({ Id }) => messages[Number(Id)] ?? []);
        });
        if (left.length > 0) {
          throw new Error(`the queue ${queueUrl} does not take ${String(left.length)} notifications`);
        }
      }
    },
    close: () => {
      client.destroy();
    },
  };
}
