import type { ListedOperation } from '../service/application';
import type { Plan, RolloutKind } from './plan';
import type { Situation } from './situation';

/**
 * Managed Flink's price (its pricing page, read in November 2026): for each KPU and hour, and one KPU more for every
 * application. Storage and backups are not in it. Regions that are not listed may cost more.
 */
export const PRICE = {
  readAt: '2026-11',
  usdPerKpuHour: { 'us-east-1': 0.11 },
  orchestrationKpus: 1,
} as const;

/** Upper end of how long the service takes to restart what it updates (Managed Flink Developer Guide): 10 to 30 s. */
const RESTART_SECONDS = 30;

/** A shard gives out 2 MB a second and takes 1 MB, so that a job catches up at least this much faster than time passes. */
const CATCH_UP = 2;

/** What a rollout costs. The pause is an estimate: how long the service took last time, else the published upper end. */
export function costOf(kind: RolloutKind, situation: Situation): Plan['cost'] {
  const { replaySeconds, runs, rolloutParameters, input } = situation;
  const { operations } = input.observed;
  const replayed = rolloutParameters ? replaySeconds : 0;
  switch (kind) {
    case 'none':
    case 'create':
    case 'start':
    case 'settings':
      return { pauseSeconds: 0, replaySeconds: 0, extraUsd: 0 };
    case 'restart': {
      const pauseSeconds = runs ? lastTook(operations, 'UpdateApplication') : 0;
      return { pauseSeconds, replaySeconds: 0, extraUsd: 0 };
    }
    case 'replay': {
      const stopped = lastTook(operations, 'StopApplication') + lastTook(operations, 'StartApplication');
      const pauseSeconds = runs ? stopped + Math.ceil(replayed / CATCH_UP) : 0;
      return { pauseSeconds, replaySeconds: replayed, extraUsd: 0 };
    }
    case 'handover': {
      // Both run until the new one has caught up; the rest of a rollout is short against that.
      const bothSeconds = lastTook(operations, 'StartApplication') + replaySeconds;
      return { pauseSeconds: 0, replaySeconds, extraUsd: usd(situation, bothSeconds) };
    }
    case 'shadow':
      return { pauseSeconds: 0, replaySeconds, extraUsd: usd(situation, 3600) };
  }
}

/** How many KPUs the wanted application takes. */
export function kpus({
  parallelism,
  parallelismPerKpu,
}: {
  parallelism: number;
  parallelismPerKpu: number;
}): number {
  return Math.ceil(parallelism / parallelismPerKpu) + PRICE.orchestrationKpus;
}

function usd({ input }: Situation, seconds: number): number | null {
  const prices: Readonly<Record<string, number>> = PRICE.usdPerKpuHour;
  const price = prices[input.environment.region];
  if (price === undefined) return null;
  return Math.round(((kpus(input.wanted.settings) * seconds) / 3600) * price * 1000) / 1000;
}

/** Seconds that the newest of these operations took; the published upper end where none is known. */
function lastTook(operations: readonly ListedOperation[], kind: string): number {
  const last = operations.find(
    (one) => one.kind === kind && one.status === 'SUCCESSFUL' && one.endedAt !== undefined,
  );
  if (last?.endedAt === undefined) return RESTART_SECONDS;
  return Math.ceil((last.endedAt.getTime() - last.startedAt.getTime()) / 1000);
}
