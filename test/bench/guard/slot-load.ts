import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createGuard } from '../../../guard';
import { suspendAt } from '../../guard/changes';

export interface SlotLoad {
  readonly commandsPerSecond: number;
  /** Of one core. */
  readonly cpuPercent: number;
  readonly networkOutKbPerSecond: number;
}

export interface LoadOfGuards {
  readonly guards: number;
  readonly connections: number;
  readonly quiet: SlotLoad;
  /** While ten suspensions a second are made. */
  readonly busy: SlotLoad;
}

const quietSeconds = 20;
const busySeconds = 10;
const changesPerSecond = 10;

/** What so many guards ask of the one Redis node that holds the store's hash slot. */
export async function loadOfGuards(url: string, count: number): Promise<LoadOfGuards> {
  const redis = new Redis(url);
  const guards = [];
  // Started over some seconds, as a fleet's deployment does.
  for (let n = 0; n < count; n += 50) {
    const batch = Array.from({ length: 50 }, () => createGuard({ redis: url, onEvent: () => undefined }));
    await Promise.all(batch.map((guard) => guard.start()));
    guards.push(...batch);
  }
  const connections = Number(figure(await redis.info('clients'), 'connected_clients'));
  const quiet = await during(redis, () => wait(quietSeconds * 1_000));
  const busy = await during(redis, async () => {
    for (let n = 0; n < busySeconds * changesPerSecond; n++) {
      await suspendAt(redis, `load_${String(n)}`);
      await wait(1_000 / changesPerSecond);
    }
  });
  const behind = guards.filter((guard) => !guard.state().push || guard.check('load_0').allowed).length;
  if (behind > 0) throw new Error(`${String(behind)} of ${String(count)} guards did not follow`);
  await Promise.all(guards.map((guard) => guard.stop()));
  redis.disconnect();
  return { guards: count, connections, quiet, busy };
}

async function during(redis: Redis, work: () => Promise<unknown>): Promise<SlotLoad> {
  const [before, startedMs] = [await redis.info(), performance.now()];
  await work();
  const [after, seconds] = [await redis.info(), (performance.now() - startedMs) / 1_000];
  const perSecond = (name: string): number => (figure(after, name) - figure(before, name)) / seconds;
  return {
    commandsPerSecond: Math.round(perSecond('total_commands_processed')),
    cpuPercent: Number(((perSecond('used_cpu_user') + perSecond('used_cpu_sys')) * 100).toPrecision(3)),
    networkOutKbPerSecond: Math.round(perSecond('total_net_output_bytes') / 1_024),
  };
}

function figure(info: string, name: string): number {
  return Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? NaN);
}
