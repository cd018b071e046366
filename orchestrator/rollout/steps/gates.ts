import { type JobHealth, readJobHealth } from '../../service/flink-job';
import { UserFault } from '../../user-fault';
import { type Gate, gatesOf, type GateWishes } from '../gates';
import { POLL_EVERY_MS, type Rolling } from '../rolling';
import { waitUntil } from '../wait-until';

export interface GatesWanted {
  application: string;
  lagSeconds?: number | undefined;
  limitSeconds: number;
  /**
   * Whether the job was started by this rollout. Of an older one, what happened before it is looked at is past: it
   * has to make a checkpoint while it is watched, because a job in a restart loop runs well between two failures.
   */
  isNew: boolean;
  /** Asked once all else holds. */
  compare?: (() => Promise<NonNullable<GateWishes['excesses']>>) | undefined;
}

/** Waits until every gate holds; throws at once when the job was restarted. Answers the job's health. */
export async function passGates(
  wanted: GatesWanted,
  rolling: Pick<Rolling, 'flink' | 'progress' | 'alive'>,
): Promise<JobHealth> {
  const { flink, progress, alive } = rolling;
  const { application, lagSeconds } = wanted;
  const held = new Set<string>();
  let past = wanted.isNew ? { restarts: 0, checkpoints: 0 } : undefined;
  return waitUntil(`${application} to be healthy`, wanted.limitSeconds * 1_000, POLL_EVERY_MS, async () => {
    alive();
    const read = await healthOrReason(application, flink);
    if (typeof read === 'string') return { done: false, missing: read };
    past ??= { restarts: read.restarts, checkpoints: read.checkpoints.completed };
    const job = sinceThen(read, past);
    let gates = gatesOf('RUNNING', job, { lagSeconds });
    refuseRestarted(application, gates);
    if (wanted.compare !== undefined && gates.every(({ holds }) => holds)) {
      gates = gatesOf('RUNNING', job, { lagSeconds, excesses: await wanted.compare() });
    }
    for (const gate of gates.filter(({ holds, name }) => holds && name !== 'no restarts')) {
      if (!held.has(gate.name)) progress.say(`  ${gate.name}: ${gate.detail}`);
      held.add(gate.name);
    }
    const missing = gates.filter(({ holds }) => !holds).map(({ name, detail }) => `${name} (${detail})`);
    if (missing.length === 0) return { done: true, value: job };
    progress.live(`  waiting for ${missing.join('; ')}`);
    return { done: false, missing: missing.join('; ') };
  });
}

function refuseRestarted(application: string, gates: readonly Gate[]): void {
  const restarts = gates.find(({ name }) => name === 'no restarts');
  if (restarts === undefined || restarts.holds) return;
  throw new UserFault(`${application} runs but is not healthy: ${restarts.detail}`);
}

/** The job's health without the restarts and checkpoints that are past. */
function sinceThen(job: JobHealth, past: { restarts: number; checkpoints: number }): JobHealth {
  const completed = job.checkpoints.completed - past.checkpoints;
  return { ...job, restarts: job.restarts - past.restarts, checkpoints: { ...job.checkpoints, completed } };
}

/** The job's health, or why it was not told this time: one answer that fails is no sign of a bad release. */
async function healthOrReason(application: string, flink: Rolling['flink']): Promise<JobHealth | string> {
  try {
    const status = (await flink.describe(application))?.status ?? 'gone';
    if (status !== 'RUNNING') return `it is ${status}`;
    return (await readJobHealth(await flink.flinkPage(application))) ?? 'it has no job yet';
  } catch (cause) {
    if (cause instanceof UserFault) return cause.message;
    throw cause;
  }
}
