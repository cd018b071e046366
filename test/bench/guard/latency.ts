import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createGuard, type Guard } from '../../../guard';
import { liftAt, suspendAt } from '../../guard/changes';

export interface Latency {
  readonly samples: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface ChangeLatency {
  /** From the suspension to the first request refused. */
  readonly suspend: Latency;
  /** From the lift to the first request let through. */
  readonly lift: Latency;
}

/** How long changes take to show in the answers of so many guards, each change at a moment of its own. */
export async function latencyOfChanges(
  url: string,
  adminUrl: string,
  guardCount: number,
  changes: number,
): Promise<ChangeLatency> {
  const redis = new Redis(adminUrl);
  const guards = Array.from({ length: guardCount }, () =>
    createGuard({ redis: url, onEvent: () => undefined }),
  );
  await Promise.all(guards.map((guard) => guard.start()));
  // Guards that were started together ask together at first; let their jitter part them.
  await wait(3_000);
  const times: { suspend: number[]; lift: number[] } = { suspend: [], lift: [] };
  for (let n = 0; n < changes; n++) {
    const subject = `latency_${String(n)}`;
    await wait(Math.random() * 200);
    times.suspend.push(...(await shown(guards, subject, false, () => suspendAt(redis, subject))));
    await wait(Math.random() * 200);
    times.lift.push(...(await shown(guards, subject, true, () => liftAt(redis, subject))));
  }
  await Promise.all(guards.map((guard) => guard.stop()));
  redis.disconnect();
  return { suspend: latency(times.suspend), lift: latency(times.lift) };
}

/** Asks every guard in every turn until each gives the answer that is waited for: milliseconds from the change's begin. */
async function shown(
  guards: readonly Guard[],
  subject: string,
  isAllowed: boolean,
  change: () => Promise<void>,
): Promise<number[]> {
  const times: number[] = [];
  const startedMs = performance.now();
  await change();
  for (let waiting = [...guards]; waiting.length > 0; await nextTurn()) {
    const elapsedMs = performance.now() - startedMs;
    if (elapsedMs > 30_000) throw new Error(`${String(waiting.length)} guards never heard of ${subject}`);
    waiting = waiting.filter((guard) => {
      if (guard.check(subject).allowed !== isAllowed) return true;
      times.push(elapsedMs);
      return false;
    });
  }
  return times;
}

export function latency(times: readonly number[]): Latency {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number): number =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN).toPrecision(3));
  return { samples: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}
