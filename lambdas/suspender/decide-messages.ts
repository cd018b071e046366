import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { ReplyError } from 'ioredis';
import type { SuspensionRequest } from '../contracts/suspension-request';
import type { Log } from '../delivery/log';
import { readRequest } from './read-request';
import type { Policy } from '../contracts/policy';
import { isOldHeat } from './length';
import { termsFor } from './policy';
import type { Decision, SuspensionStore } from './store';

/**
 * Decides a batch of messages, one after the other, and answers with those that SQS must deliver again. A message
 * that is no request is among them: after the queue's last delivery it moves to the dead-letter queue. When Redis
 * or `control` cannot be reached, the rest of the batch fails at once instead of waiting for it message by message.
 * An excess that is too old to suspend for is logged and leaves the queue.
 */
export async function decideMessages(
  messages: readonly SQSRecord[],
  store: SuspensionStore,
  policyNow: (nowMs: number) => Promise<Policy>,
  clock: () => number,
  log: Log,
): Promise<SQSBatchResponse> {
  const failed: string[] = [];
  for (const [index, message] of messages.entries()) {
    const parsed = readRequest(message.body);
    if (!parsed.ok) {
      failed.push(message.messageId);
      log({
        level: 'error',
        event: 'not-a-request',
        message:
          `The message ${message.messageId} is no suspension request (${parsed.reason}). It is left to the ` +
          'queue, which moves it to the dead-letter queue after its last delivery; look there and at its sender.',
        messageId: message.messageId,
        deliveries: Number(message.attributes.ApproximateReceiveCount),
        reason: parsed.reason,
      });
      continue;
    }
    const nowMs = clock();
    try {
      const { excess } = parsed.value;
      const { firstSeconds } = termsFor(await policyNow(nowMs), excess);
      if (isOldHeat(excess, nowMs, { suspensionSeconds: firstSeconds })) {
        logOldHeat(log, parsed.value, nowMs);
        continue;
      }
      logDecision(log, parsed.value, await store.suspend(parsed.value, nowMs));
    } catch (cause) {
      const rest = cause instanceof ReplyError ? [message] : messages.slice(index);
      failed.push(...rest.map(({ messageId }) => messageId));
      const description = cause instanceof Error ? cause.message : String(cause);
      log({
        level: 'error',
        event: 'store-failed',
        message:
          `${String(rest.length)} of ${String(messages.length)} requests could not be decided (${description}). ` +
          'They stay in the queue and are tried again; if this lasts, look whether Redis and the control table are up ' +
          'and reachable.',
        requests: rest.length,
        cause: description,
      });
      if (rest.length > 1) break;
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

function logOldHeat(log: Log, { id, excess }: SuspensionRequest, nowMs: number): void {
  const ageSeconds = Math.round(nowMs / 1000) - excess.windowEnd;
  log({
    level: 'warn',
    event: 'old-heat',
    message:
      `${excess.subject} is not suspended: its excess is ${String(ageSeconds)} s old, so the heat has left the window ` +
      'and a suspension would be over. Look why it came so late: at the job, the alerter and the queue.',
    traceId: id,
    subject: excess.subject,
    ageSeconds,
    windowEnd: excess.windowEnd,
  });
}

function logDecision(log: Log, { id, excess }: SuspensionRequest, decision: Decision): void {
  log({
    level: 'info',
    event: decision.kind,
    message: `${decision.simulated === true ? 'Simulated: ' : ''}${sentence(excess.subject, decision)}`,
    traceId: id,
    subject: excess.subject,
    ...(decision.simulated === true ? { simulated: true } : {}),
    until: decision.until,
    offences: decision.offences,
    version: decision.version,
    detection: excess.detection,
    resource: excess.resource,
    units: excess.units,
    limit: excess.limit,
    windowEnd: excess.windowEnd,
  });
}

function sentence(subject: string, { kind, until, offences }: Decision): string {
  const end = new Date(until).toISOString();
  switch (kind) {
    case 'suspended':
      return `${subject} is suspended until ${end}, offence ${String(offences)}.`;
    case 'extended':
      return `${subject} stays suspended until ${end}, still offence ${String(offences)}.`;
    case 'covered':
      return `${subject} is suspended until ${end} already; the newer excess does not move it.`;
    case 'outdated':
      return `${subject}: a decision rests on the same or newer heat; nothing is changed.`;
    case 'repeated':
      return `${subject}: this request was decided before; nothing is changed.`;
    case 'exempt':
      return `${subject} is exempt and not suspended.`;
    case 'before-lift':
      return `${subject} is not suspended: the heat is from before it was lifted, or from while it was exempt.`;
    case 'held':
      return `${subject} is not suspended: the breaker is open, and nobody is until \`spillway breaker reset\`.`;
    case 'off':
      return `${subject} is not suspended: the policy has this detection off.`;
  }
}
