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

/** Records of a batch that are tried together. */
interface Piece {
  readonly records: readonly ReadRecord[];
  /** How often the function was called with them, alone or among others. */
  readonly tries: number;
  /** Tries of just these after the first one: cutting a batch does not count. */
  readonly retries: number;
}

/**
 * Delivers one batch: tries it as a whole, from the first failed record on where failures are reported, and in halves
 * where it is to be bisected, until it is through or given up. Answers false when the signal came first; what is not
 * settled is then delivered again.
 */
export async function deliverBatch(delivery: BatchDelivery, batch: readonly ReadRecord[]): Promise<boolean> {
  const { rules, signal } = delivery;
  let pieces: readonly Piece[] = batch.length > 0 ? [{ records: batch, tries: 0, retries: 0 }] : [];
  let failures = 0;
  for (let piece = pieces[0]; piece !== undefined; piece = pieces[0]) {
    const others = pieces.slice(1);
    const condition = reasonToGiveUp(piece, rules);
    if (condition !== undefined) {
      if (!(await giveUp(delivery, piece.records, condition, piece.tries))) return false;
      pieces = others;
      continue;
    }
    if (failures > 0) {
      await pause(backoffMs(failures, rules.firstRetryDelayMs, rules.firstRetryDelayMs * 100), signal);
    }
    if (signal.aborted) return false;
    const failedFrom = await tryBatch(delivery, piece.records, piece.tries + 1);
    if (failedFrom > 0) await delivery.settled(piece.records.slice(0, failedFrom));
    const left = piece.records.slice(failedFrom);
    failures = left.length > 0 ? failures + 1 : 0;
    pieces = [...nextPieces(piece, left, rules), ...others];
  }
  return true;
}

function reasonToGiveUp({ records, retries }: Piece, rules: StreamSourceRules): GivenUpBecause | undefined {
  const [oldest] = records;
  if (oldest && Date.now() - oldest.arrivedAtMs > rules.maximumRecordAgeMs) return 'MaximumRecordAgeExceeded';
  return retries > rules.maximumRetryAttempts ? 'RetryAttemptsExhausted' : undefined;
}

/** How what is left of a piece is tried again. */
function nextPieces(piece: Piece, left: readonly ReadRecord[], rules: StreamSourceRules): readonly Piece[] {
  const tries = piece.tries + 1;
  if (left.length === 0) return [];
  if (!rules.bisectBatchOnFunctionError || left.length === 1) {
    return [{ records: left, tries, retries: piece.retries + 1 }];
  }
  // The function has cut the batch by the record that it named.
  if (left.length < piece.records.length) return [{ records: left, tries, retries: piece.retries }];
  const half = Math.ceil(left.length / 2);
  return [left.slice(0, half), left.slice(half)].map((records) => ({
    records,
    tries,
    retries: piece.retries,
  }));
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
