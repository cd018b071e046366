import type { GuardState } from './guard';

/** The guard in numbers, every `flushSeconds`. Counts are of the time since the last ones were given. */
export interface GuardMetrics {
  /** Suspensions in force. */
  readonly suspensions: number;
  /** 1 while the guard goes on with an older set because Redis does not answer, or has none yet; else 0. */
  readonly stale: 0 | 1;
  /** How long it has been so; 0 when it is not. */
  readonly staleSeconds: number;
  /** 1 while changes are pushed, 0 while they are found by polling alone. */
  readonly push: 0 | 1;
  /** Requests refused to suspended subjects. */
  readonly refusals: number;
  /** Requests refused because the guard fails closed and did not know. */
  readonly blindRefusals: number;
  /** Of the refusals, how many are in no subject's count. */
  readonly refusalsDropped: number;
  /** How far this machine's clock is ahead of Redis's; 0 as long as that is not known. */
  readonly clockSkewMs: number;
}

/** What happened between two states. */
export function metricsBetween(
  before: GuardState | undefined,
  state: GuardState,
  nowMs: number,
): GuardMetrics {
  const isStale = state.status !== 'current';
  return {
    suspensions: state.size,
    stale: isStale ? 1 : 0,
    staleSeconds: isStale ? Math.max(0, (nowMs - state.since) / 1000) : 0,
    push: state.push ? 1 : 0,
    refusals: state.refusals - (before?.refusals ?? 0),
    blindRefusals: state.blindRefusals - (before?.blindRefusals ?? 0),
    refusalsDropped: state.refusalsDropped - (before?.refusalsDropped ?? 0),
    clockSkewMs: state.clockSkewMs ?? 0,
  };
}
