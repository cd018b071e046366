import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { Excess } from '../contracts/excess';
import type { SetAside } from '../contracts/set-aside';
import { requestId, type SuspensionRequest } from '../contracts/suspension-request';
import type { Environment } from '../delivery/environment';
import { kinesisClient } from '../delivery/kinesis-client';
import { kinesisStream } from '../delivery/kinesis-stream';
import { functionLog, type Log } from '../delivery/log';
import { type EmitMetric, emitToOutput } from '../delivery/metrics';
import { setAsideStream } from '../delivery/set-aside-stream';
import { generationsInControl, nothingKnown } from './generations-port';
import { excessMetrics } from './excess-metrics';
import { heardOf, logUnheard } from './heard';
import { readExcess } from './read-excess';
import { type Refusal, requestQueue } from './request-queue';
import { readSettings } from './settings';

/** The function behind the excess stream, and how to let go of its connections where a process outlives it. */
export interface AlerterHandler {
  (event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse>;
  close(): void;
}

/**
 * The function that turns excesses into suspension requests. An excess whose action is `notify` becomes a line of the
 * log and no request. Its event source must have ReportBatchItemFailures:
 * the answer names the first record that could not be handed on, and the batch is tried again from there. A
 * request that is sent twice has the same id, which the suspender decides once.
 *
 * It acts only on excesses of a generation that is heard at their second, as rollouts write it down in the control
 * table. Where that cannot be read it throws, and the whole batch is tried again; without a control table every
 * generation is heard.
 *
 * Throws a SettingError when the environment is not complete.
 *
 * @param emitMetric takes the metrics; by default there are none
 * @param clock milliseconds, for how old excesses and the known generations are
 */
export function createHandler(
  environment: Environment,
  log: Log = functionLog('alerter'),
  emitMetric: EmitMetric = () => undefined,
  clock: () => number = Date.now,
): AlerterHandler {
  const settings = readSettings(environment);
  const queue = requestQueue(environment, settings.requestQueueUrl);
  const kinesis = kinesisClient(environment);
  const aside = setAsideStream(kinesisStream(kinesis, settings.setAsideStream));
  const { controlTable, functionName } = settings;
  const generations =
    controlTable === undefined ? nothingKnown : generationsInControl(environment, controlTable, clock);
  const handle = async (event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const read = event.Records.map(({ kinesis: { data, sequenceNumber } }) =>
      readExcess(data, sequenceNumber),
    );
    const heard = await heardOf(
      read.flatMap(({ excess }) => (excess === undefined ? [] : [excess])),
      generations,
    );
    const reads = read.map((one) =>
      one.excess === undefined || heard.has(one.excess)
        ? one
        : { kind: 'unheard' as const, excess: one.excess },
    );
    const requests = reads.flatMap((read) => (read.kind === 'request' ? [read.request] : []));
    const refused = new Map((await queue.send(requests)).map((refusal) => [refusal.request, refusal]));

    const setAsides: SetAside[] = [];
    const unheard: Excess[] = [];
    let notSent = 0;
    let failedFrom: number | undefined;
    for (const [position, read] of reads.entries()) {
      const refusal = read.kind === 'request' ? refused.get(read.request) : undefined;
      if (read.kind === 'set-aside') setAsides.push(read.setAside);
      else if (read.kind === 'unheard') unheard.push(read.excess);
      else if (read.kind === 'notice') logNotice(read.excess, log);
      else if (refusal?.forGood) setAsides.push(refusedForGood(refusal));
      else if (refusal) {
        notSent++;
        logNotSent(refusal, log);
        // What follows is tried again together with this record: to set it aside now would do it twice.
        failedFrom = position;
        break;
      } else logSent(read.request, log);
    }

    await aside.put(setAsides);
    logUnheard(unheard, log);
    for (const { reason, detail } of setAsides) {
      log({ level: 'warn', event: 'set-aside', message: `An excess was set aside: ${detail}`, reason });
    }
    for (const line of excessMetrics(functionName, { heard: [...heard], unheard, notSent }, clock()))
      emitMetric(line);
    const failed = failedFrom === undefined ? undefined : event.Records[failedFrom];
    return { batchItemFailures: failed ? [{ itemIdentifier: failed.kinesis.sequenceNumber }] : [] };
  };
  return Object.assign(handle, {
    close: () => {
      queue.close();
      generations.close();
      kinesis.destroy();
    },
  });
}

function refusedForGood({ request, reason }: Refusal): SetAside {
  return {
    version: 1,
    setAsideBy: 'alerter',
    reason: 'refused-by-queue',
    detail: `the queue does not take the request ${request.id}: ${reason}`,
    record: JSON.stringify(request),
  };
}

/** A batch that is tried again says it again; the suspender decides the same request once. */
function logSent({ id, excess }: SuspensionRequest, log: Log): void {
  const { application, generation, detection, subject, resource, key, units, limit, windowEnd } = excess;
  log({
    level: 'info',
    event: 'requested',
    message: `The suspension of ${subject} was asked for: ${String(units)} write units on ${key} of ${resource}, limit ${String(limit)}.`,
    traceId: id,
    ...{ application, generation, detection, subject, resource, key, units, limit, windowEnd },
  });
}

/** Told once for each delivery: a batch that is tried again tells it again. */
function logNotice(excess: Excess, log: Log): void {
  const { subject, key, resource, units, limit, rank, share, keyUnits } = excess;
  const whole = keyUnits === undefined ? '' : ` of the key's ${String(keyUnits)}`;
  log({
    level: 'warn',
    event: 'notice',
    message:
      `${subject === '' ? 'Writes without a subject' : subject} made ${String(units)} write units${whole} on ${key} ` +
      `of ${resource} (${excess.detection}, limit ${String(limit)}). The detection only tells: nobody is suspended for it.`,
    traceId: requestId(excess),
    application: excess.application,
    detection: excess.detection,
    subject,
    resource,
    key,
    units,
    limit,
    windowEnd: excess.windowEnd,
    ...(rank === undefined ? {} : { rank }),
    ...(share === undefined ? {} : { share }),
    ...(keyUnits === undefined ? {} : { keyUnits }),
  });
}

function logNotSent({ request, reason }: Refusal, log: Log): void {
  log({
    level: 'error',
    event: 'request-not-sent',
    message: `The request ${request.id} could not be sent; the batch is tried again from it on: ${reason}`,
    traceId: request.id,
  });
}

let ready: AlerterHandler | undefined;

/** Lambda's entry. Settings are read at the first event, so that an error in them is that event's error. */
export async function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  ready ??= createHandler(process.env, functionLog('alerter'), emitToOutput);
  return ready(event);
}
