import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { parseRecord } from '../contracts/parse';
import { type SuspensionEvent, suspensionEvent } from '../contracts/suspension-event';
import { requestId } from '../contracts/suspension-request';
import { syntheticSubjectPrefix } from '../contracts/synthetic-subject';
import type { Environment } from '../delivery/environment';
import { functionLog, type Log } from '../delivery/log';
import { type EmitMetric, emitToOutput } from '../delivery/metrics';
import { type Channel, snsTopic, webhook } from './channels';
import { notificationMetrics } from './notification-metrics';
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
 *
 * @param emitMetric takes the metrics; by default there are none
 */
export function createHandler(
  environment: Environment,
  log: Log = functionLog('notifier'),
  emitMetric: EmitMetric = () => undefined,
): NotifierHandler {
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
    for (const line of notificationMetrics(store, batchItemFailures.length, Date.now())) emitMetric(line);
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
  const excess = event.suspension?.reason ?? event.excess;
  const trace = excess === undefined ? {} : { traceId: requestId(excess) };
  for (const channel of channels) {
    const name = `${channel.name}#${event.id}`;
    try {
      if (!(await told.claim(name))) continue;
      const result = await channel.tell(text, event);
      if (result.outcome === 'told') {
        log({
          level: 'info',
          event: 'notification-told',
          message: `${event.kind} ${event.subject ?? ''} was told by ${channel.name}.`,
          ...trace,
          id: event.id,
          channel: channel.name,
        });
        continue;
      }
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
        ...trace,
        id: event.id,
        channel: channel.name,
      });
    } catch (cause) {
      done = false;
      log({
        level: 'error',
        event: 'notification-not-claimed',
        message: `The control table could not be asked whether ${event.id} was told (${String(cause)}). It is tried again.`,
        ...trace,
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
  ready ??= createHandler(process.env, functionLog('notifier'), emitToOutput);
  return ready(event);
}
