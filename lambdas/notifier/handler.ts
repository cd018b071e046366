import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { parseRecord } from '../contracts/parse';
import { type SuspensionEvent, suspensionEvent } from '../contracts/suspension-event';
import { syntheticSubjectPrefix } from '../contracts/synthetic-subject';
import type { Environment } from '../delivery/environment';
import { type Log, logToConsole } from '../delivery/log';
import { type Channel, snsTopic, webhook } from './channels';
import { readSettings } from './settings';
import { fillTemplate } from './template';
import { type ToldOnce, toldOnce } from './told-once';

/** The function behind the notification queue, and how to let go of its connections where a process outlives it. */
export interface NotifierHandler {
  (event: SQSEvent): Promise<SQSBatchResponse>;
  close(): void;
}

/**
 * The function that tells people, outside the VPC. An event is told at most once on each channel: it is claimed in the
 * control table before it is sent, and the claim is taken back only where it certainly was not told; then the message
 * stays in the queue and is tried again. Its event source has ReportBatchItemFailures on.
 *
 * Throws a SettingError when the environment is not complete.
 */
export function createHandler(environment: Environment, log: Log = logToConsole): NotifierHandler {
  const { webhookUrl, topicArn, controlTable, store, template } = readSettings(environment);
  const channels = [
    ...(webhookUrl === undefined ? [] : [webhook(webhookUrl)]),
    ...(topicArn === undefined ? [] : [snsTopic(environment, topicArn)]),
  ];
  const told = toldOnce(environment, controlTable, store);
  const handle = async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const message of Records) {
      const event = readEvent(message, log);
      const done =
        event !== undefined &&
        (event.subject?.startsWith(syntheticSubjectPrefix) === true ||
          (await tellAll(event, fillTemplate(template, store, event), channels, told, log)));
      if (!done) batchItemFailures.push({ itemIdentifier: message.messageId });
    }
    return { batchItemFailures };
  };
  return Object.assign(handle, {
    close: () => {
      for (const part of [...channels, told]) part.close();
    },
  });
}

/** Answers whether the message is done with on every channel. */
async function tellAll(
  event: SuspensionEvent,
  text: string,
  channels: readonly Channel[],
  told: ToldOnce,
  log: Log,
): Promise<boolean> {
  let done = true;
  for (const channel of channels) {
    const name = `${channel.name}#${event.id}`;
    try {
      if (!(await told.claim(name))) continue;
      const result = await channel.tell(text, event);
      if (result.outcome === 'told') continue;
      if (result.outcome === 'refused') {
        done = false;
        await told.release(name);
      }
      const again =
        result.outcome === 'refused'
          ? 'It is tried again.'
          : 'It may have been told, so it is not tried again.';
      log({
        level: 'error',
        event: `notification-${result.outcome}`,
        message: `${event.kind} ${event.subject ?? ''} was not told by ${channel.name} (${result.reason}). ${again}`,
        id: event.id,
        channel: channel.name,
      });
    } catch (cause) {
      done = false;
      log({
        level: 'error',
        event: 'notification-not-claimed',
        message: `The control table could not be asked whether ${event.id} was told (${String(cause)}). It is tried again.`,
        id: event.id,
        channel: channel.name,
      });
    }
  }
  return done;
}

function readEvent({ body, messageId }: SQSRecord, log: Log): SuspensionEvent | undefined {
  const parsed = parseRecord(suspensionEvent, body);
  if (parsed.ok) return parsed.value;
  log({
    level: 'error',
    event: 'not-a-notification',
    message: `The message ${messageId} is no event to tell (${parsed.reason}); it goes to the dead-letter queue.`,
    messageId,
  });
  return undefined;
}

let ready: NotifierHandler | undefined;

/** Lambda's entry. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  ready ??= createHandler(process.env);
  return ready(event);
}
