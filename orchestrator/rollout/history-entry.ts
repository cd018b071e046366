import { randomUUID } from 'node:crypto';
import { releaseOfKey } from '../release/build-release';
import type { ApplicationSettings, ObservedApplication } from '../service/application';
import type { HistoryEntry } from '../service/control';

/** What a command did that is no rollout: a stop, a start, a change of capacity. */
export interface Action {
  who: string;
  /** The command. */
  action: string;
  changes: readonly string[];
  startedAt: Date;
  observed: ObservedApplication;
  generation: number;
  rollout?: HistoryEntry['rollout'];
  verdict?: HistoryEntry['verdict'];
}

/** The line of an application's history for what was done. */
export function historyEntry(
  action: Action,
  outcome: HistoryEntry['outcome'],
  reason?: string,
): HistoryEntry {
  const { who, changes, startedAt, observed, generation, rollout = 'none', verdict = 'none' } = action;
  const at = new Date();
  return {
    id: randomUUID(),
    at,
    who,
    action: action.action,
    changes,
    verdict,
    rollout,
    generation,
    releaseHash: releaseOfKey(observed.codeKey)?.hash,
    version: observed.version,
    settings: settingsOf(observed),
    outcome,
    ...(reason !== undefined && { reason }),
    tookSeconds: (at.getTime() - startedAt.getTime()) / 1000,
  };
}

function settingsOf(observed: ApplicationSettings): NonNullable<HistoryEntry['settings']> {
  return {
    runtime: observed.runtime,
    serviceRole: observed.serviceRole,
    bucket: observed.bucket,
    codeKey: observed.codeKey,
    parallelism: observed.parallelism,
    parallelismPerKpu: observed.parallelismPerKpu,
    checkpointIntervalSeconds: observed.checkpointIntervalSeconds,
    parameters: { ...observed.parameters },
  };
}
