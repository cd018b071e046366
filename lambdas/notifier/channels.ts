import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { SuspensionEvent } from '../contracts/suspension-event';
import { clientSettings, type Environment } from '../delivery/environment';

/**
 * What became of a message: `told`; `refused`, where it certainly was not told and may be tried again; or `unknown`,
 * where no answer came, so that to try again could tell it twice.
 */
export type Told =
  { readonly outcome: 'told' } | { readonly outcome: 'refused' | 'unknown'; readonly reason: string };

/** Where people are told. */
export interface Channel {
  readonly name: 'webhook' | 'sns';
  /** Does not throw. */
  tell(text: string, event: SuspensionEvent): Promise<Told>;
  close(): void;
}

const answerWithinMs = 10_000;

/**
 * Posts JSON: `text`, which chat services show, and the event whole. The header `Idempotency-Key` names the event for
 * receivers that look at it.
 */
export function webhook(url: string): Channel {
  return {
    name: 'webhook',
    async tell(text, event) {
      try {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': event.id },
          body: JSON.stringify({ text, event }),
          signal: AbortSignal.timeout(answerWithinMs),
        });
        await answer.body?.cancel();
        if (answer.ok) return { outcome: 'told' };
        return { outcome: 'refused', reason: `it answered ${String(answer.status)}` };
      } catch (cause) {
        const reason = describe(cause);
        // Without a connection nothing was sent; any other failure may have come after the receiver read it.
        const unsent = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT/.test(reason);
        return { outcome: unsent ? 'refused' : 'unknown', reason };
      }
    },
    close: () => undefined,
  };
}

/** Publishes the text to a topic, and the event as the attribute `kind` for its filters. */
export function snsTopic(environment: Environment, topicArn: string): Channel {
  // The client's own retries could tell twice.
  const client = new SNSClient({ ...clientSettings(environment, 'SNS'), maxAttempts: 1 });
  return {
    name: 'sns',
    async tell(text, event) {
      try {
        await client.send(
          new PublishCommand({
            TopicArn: topicArn,
            Subject: `spillway: ${event.kind}${event.subject === undefined ? '' : ` ${event.subject}`}`
              .replace(/[^\x20-\x7e]/g, '?')
              .slice(0, 99),
            Message: text,
            MessageAttributes: { kind: { DataType: 'String', StringValue: event.kind } },
          }),
        );
        return { outcome: 'told' };
      } catch (cause) {
        const status = (cause as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
        const reason = describe(cause);
        const unsent = status !== undefined || /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(reason);
        return { outcome: unsent ? 'refused' : 'unknown', reason };
      }
    },
    close: () => {
      client.destroy();
    },
  };
}

/** What was thrown, with the code of the failure below it, by which it is judged. */
function describe(thrown: unknown): string {
  const { code, cause } = thrown as { code?: unknown; cause?: { code?: unknown } };
  const found = cause?.code ?? code;
  return `${String(thrown)}${typeof found === 'string' ? ` (${found})` : ''}`;
}
