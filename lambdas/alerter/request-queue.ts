import { type BatchResultErrorEntry, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SuspensionRequest } from '../contracts/suspension-request';
import { type Backoff, deliveryBackoff, sendUntilAccepted } from '../delivery/backoff';
import { type CallLimits, cutIntoCalls } from '../delivery/calls';
import { clientSettings, type Environment } from '../delivery/environment';

/** A request that the queue did not take. `forGood`: to send the same again is of no use. */
export interface Refusal {
  readonly request: SuspensionRequest;
  readonly reason: string;
  readonly forGood: boolean;
}

/** Where suspension requests go. */
export interface RequestQueue {
  /**
   * Sends requests in order; answers with those that the queue did not take after all tries. After one that may be
   * taken later, the calls that follow are not made. Does not throw.
   */
  send(requests: readonly SuspensionRequest[]): Promise<readonly Refusal[]>;
  close(): void;
}

/** SendMessageBatch takes 10 messages; together they stay under the smallest limit a queue has ever had. */
export const sendLimits: CallLimits = { items: 10, bytes: 256 * 1024 };

/**
 * Whether the same message would be refused again, because it is wrong itself. SQS calls it the sender's fault also when
 * it throttles, or when the queue's encryption key cannot be used: that passes, or somebody puts it right.
 */
export function isForGood({
  SenderFault,
  Code,
}: Pick<BatchResultErrorEntry, 'SenderFault' | 'Code'>): boolean {
  return SenderFault === true && !/Throttl|kms/i.test(Code ?? '');
}

interface Message {
  readonly request: SuspensionRequest;
  readonly body: string;
}

/** The queue of the given URL. */
export function requestQueue(
  environment: Environment,
  queueUrl: string,
  backoff: Backoff = deliveryBackoff,
): RequestQueue {
  const client = new SQSClient(clientSettings(environment, 'SQS'));

  async function sendCall(call: readonly Message[]): Promise<Refusal[]> {
    const refusals: Refusal[] = [];
    let lastReason = '';
    const send = async (messages: readonly Message[]): Promise<Message[]> => {
      const answer = await client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: messages.map(({ body }, index) => ({ Id: String(index), MessageBody: body })),
        }),
      );
      const again: Message[] = [];
      for (const failed of answer.Failed ?? []) {
        const message = messages[Number(failed.Id)];
        if (message === undefined) continue;
        lastReason = `${failed.Code ?? ''}: ${failed.Message ?? ''}`;
        if (isForGood(failed)) refusals.push({ request: message.request, reason: lastReason, forGood: true });
        else again.push(message);
      }
      return again;
    };
    try {
      const left = await sendUntilAccepted(call, send, backoff);
      refusals.push(...left.map(({ request }) => ({ request, reason: lastReason, forGood: false })));
    } catch (cause) {
      const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      const known = new Set(refusals.map(({ request }) => request));
      const unknown = call.filter(({ request }) => !known.has(request));
      refusals.push(...unknown.map(({ request }) => ({ request, reason, forGood: false })));
    }
    return refusals;
  }

  return {
    async send(requests) {
      const messages = requests.map((request) => ({ request, body: JSON.stringify(request) }));
      const refusals: Refusal[] = [];
      for (const call of cutIntoCalls(messages, ({ body }) => Buffer.byteLength(body), sendLimits)) {
        refusals.push(...(await sendCall(call)));
        // A queue that cannot be reached would only be asked in vain for each further call.
        if (refusals.some(({ forGood }) => !forGood)) break;
      }
      return refusals;
    },
    close() {
      client.destroy();
    },
  };
}
