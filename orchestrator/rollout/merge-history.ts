import type { ListedOperation } from '../service/application';
import type { HistoryEntry } from '../service/control';

/** One line of a history: what a command did, or what the service did that no command of Spillway asked for. */
export type HistoryLine =
  | { kind: 'command'; at: Date; entry: HistoryEntry }
  | { kind: 'service'; at: Date; operation: ListedOperation };

/** Clocks differ: an operation belongs to a command that ran within so much of it. */
const SLACK_MS = 10_000;

/** Both together, the newest first, without the operations that commands led to. Pure. */
export function mergeHistory(
  entries: readonly HistoryEntry[],
  operations: readonly ListedOperation[],
): HistoryLine[] {
  const others = operations.filter(({ startedAt }) => !entries.some((entry) => ranAt(entry, startedAt)));
  return [
    ...entries.map((entry): HistoryLine => ({ kind: 'command', at: entry.at, entry })),
    ...others.map((operation): HistoryLine => ({ kind: 'service', at: operation.startedAt, operation })),
  ].sort((a, b) => b.at.getTime() - a.at.getTime());
}

/** An entry is written when its command is over. */
function ranAt({ at, tookSeconds }: HistoryEntry, moment: Date): boolean {
  const ended = at.getTime();
  const time = moment.getTime();
  return time >= ended - tookSeconds * 1000 - SLACK_MS && time <= ended + SLACK_MS;
}
