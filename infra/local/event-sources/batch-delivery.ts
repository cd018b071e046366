import { failedItems } from './batch-response';
import { failedBatch, type GivenUpBecause, payloadOf } from './failed-batch';
import { backoffMs, errorText, pause } from './pause';
import type { StreamSourceRules } from './source-options';
import type { ReadRecord, StreamPort } from './stream-port';

const onFailureTries = 3;

export interface BatchDelivery {
  readonly port: StreamPort;
  readonly shardId: string;
  readonly rules: StreamSourceRules;
  /** Calls the function with an event as JSON. */
  readonly invoke: (payload: string) => Promise<unknown>;
  /** Told of each part of a batch that is over with, in order. */
  readonly settled: (records: readonly ReadRecord[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Delivers one batch: tries it as a whole, or from the first failed record where failures are reported, until it
 * is through or given up. Answers false when the signal came first; what is not settled is then delivered again.
 */
export async function deliverBatch(delivery: BatchDelivery, batch: readonly ReadRecord[]): Promise<boolean> {
  const { rules, signal } = delivery;
  let left = batch;
  for (let tries = 0; ;) {
    const oldest = left[0];
    if (oldest === undefined) return true;
    if (Date.now() - oldest.arrivedAtMs > rules.maximumRecordAgeMs) {
      return giveUp(delivery, left, 'MaximumRecordAgeExceeded', tries);
    }
    if (tries > rules.maximumRetryAttempts) return giveUp(delivery, left, 'RetryAttemptsExhausted', tries);
    if (tries > 0)
      await pause(backoffMs(tries, rules.firstRetryDelayMs, rules.firstRetryDelayMs * 100), signal);
    if (signal.aborted) return false;
    tries++;
    const failedFrom = await tryBatch(delivery, left, tries);
    if (failedFrom > 0) await delivery.settled(left.slice(0, failedFrom));
    left = left.slice(failedFrom);
  }
}

/** Calls the function; answers with the index of the first record that failed, or the batch's length. */
async function tryBatch(
  delivery: BatchDelivery,
  batch: readonly ReadRecord[],
  tryNumber: number,
): Promise<number> {
  const { rules, shardId } = delivery;
  let reason: string;
  let failedFrom = 0;
  try {
    const answer = await delivery.invoke(payloadOf(batch));
    if (!rules.reportBatchItemFailures) return batch.length;
    const failed = failedItems(answer, new Set(batch.map(({ sequenceNumber }) => sequenceNumber)));
    if (failed !== 'all') {
      if (failed.size === 0) return batch.length;
      failedFrom = batch.findIndex(({ sequenceNumber }) => failed.has(sequenceNumber));
    }
    reason = 'the function reported failed records';
  } catch (cause) {
    reason = errorText(cause);
  }
  rules.log({
    level: 'warn',
    event: 'batch-failed',
    message: `The batch of ${rules.functionName} from ${shardId} failed at its try ${String(tryNumber)}: ${reason}`,
    shardId,
    tryNumber,
    records: batch.length,
    failedFrom,
  });
  return failedFrom;
}

async function giveUp(
  delivery: BatchDelivery,
  batch: readonly ReadRecord[],
  condition: GivenUpBecause,
  invokeCount: number,
): Promise<boolean> {
  const { port, rules, shardId, signal } = delivery;
  const document = failedBatch(port, rules.functionName, shardId, batch, condition, invokeCount, Date.now());
  const what = `${String(batch.length)} records of ${shardId} for ${rules.functionName}`;
  rules.log({
    level: 'error',
    event: 'batch-given-up',
    message: `${what} were given up (${condition}) and go to the on-failure destination`,
    shardId,
    condition,
    records: batch.length,
  });
  for (let tries = 1; ; tries++) {
    try {
      await rules.onFailure(document);
      break;
    } catch (cause) {
      if (tries >= onFailureTries) {
        rules.log({
          level: 'error',
          event: 'on-failure-destination-failed',
          message: `${what} are lost: the on-failure destination failed ${String(tries)} times: ${errorText(cause)}`,
          shardId,
          records: batch.length,
        });
        break;
      }
      await pause(backoffMs(tries, rules.firstRetryDelayMs, rules.firstRetryDelayMs * 100), signal);
      if (signal.aborted) return false;
    }
  }
  await delivery.settled(batch);
  return true;
}
