import type { Release } from '../release/build-release';
import type { CodeStore } from '../service/code-store';
import type { ManagedFlink, ObservedApplication, Operation } from '../service/application';
import { type JobHealth, readJobHealth } from '../service/flink-job';
import { UserFault } from '../user-fault';
import type { Desired } from './desired';
import { gatesOf } from './gates';
import { SETTLED, type Step } from './steps';
import { waitUntil } from './wait-until';

/** What a rollout works with. */
export interface Rolling {
  flink: ManagedFlink;
  code: CodeStore;
  desired: Desired;
  release: Release;
  /** Hears what happens, one line at a time. */
  say(line: string): void;
}

const POLL_EVERY_MS = 500;
const UNTIL_SETTLED_MS = 5 * 60_000;
// A session cluster that has just come up plans a job for a quarter of a minute, the service takes a few minutes.
const UNTIL_STARTED_MS = 10 * 60_000;
const UNTIL_STOPPED_MS = 10 * 60_000;
/** Besides the wait for a checkpoint, which may be due twice its interval later. */
const UNTIL_HEALTHY_MS = 3 * 60_000;

/** The application once nothing is under way; undefined where there is none. */
export async function settledApplication(rolling: Rolling): Promise<ObservedApplication | undefined> {
  const { flink, desired, say } = rolling;
  let said: string | undefined;
  return waitUntil(`application ${desired.name} to settle`, UNTIL_SETTLED_MS, POLL_EVERY_MS, async () => {
    const observed = await flink.describe(desired.name);
    if (observed === undefined || SETTLED.includes(observed.status)) return { done: true, value: observed };
    if (said !== observed.status) say(`waiting: ${desired.name} is ${observed.status}`);
    said = observed.status;
    return { done: false, missing: `it is ${observed.status}` };
  });
}

/** Performs one step to its end. */
export async function performStep(step: Step, rolling: Rolling): Promise<void> {
  const { flink, desired, say } = rolling;
  const { name, settings } = desired;
  switch (step.kind) {
    case 'upload':
      return upload(rolling);
    case 'create':
      say(`creating ${name}`);
      return flink.create(name, settings);
    case 'stop':
      return stop(rolling);
    case 'update': {
      const observed = await flink.describe(name);
      if (observed === undefined) throw new UserFault(`application ${name} has gone: apply again`);
      say(`updating ${name} from version ${observed.version}`);
      await flink.update(observed, settings, 'none');
      return;
    }
    case 'start':
      say(`starting ${name} with an empty state`);
      return untilDone(rolling, 'start', await flink.start(name, 'none'), UNTIL_STARTED_MS);
  }
}

/**
 * Waits until every gate holds; throws at once when the job was restarted. Answers the job's health.
 *
 * @param isNew whether the job was started by this rollout. Of an older one, what happened before it is looked at is
 * past: it has to make a checkpoint while it is watched, because a job in a restart loop runs well between two failures
 */
export async function untilHealthy(rolling: Rolling, isNew: boolean): Promise<JobHealth> {
  const { flink, desired, say } = rolling;
  const held = new Set<string>();
  let past = isNew ? { restarts: 0, checkpoints: 0 } : undefined;
  const limitMs = UNTIL_HEALTHY_MS + 2_000 * desired.settings.checkpointIntervalSeconds;
  return waitUntil(`${desired.name} to be healthy`, limitMs, POLL_EVERY_MS, async () => {
    const observed = await flink.describe(desired.name);
    const status = observed?.status ?? 'gone';
    if (status !== 'RUNNING') return { done: false, missing: `it is ${status}` };
    const read = await healthOrReason(await flink.flinkPage(desired.name));
    if (typeof read === 'string') return { done: false, missing: read };
    past ??= read && { restarts: read.restarts, checkpoints: read.checkpoints.completed };
    const job = read && past && sinceThen(read, past);
    const gates = gatesOf(status, job);
    for (const gate of gates.filter(({ holds }) => holds)) {
      if (gate.name !== 'no restarts' && !held.has(gate.name)) say(`  ${gate.name}: ${gate.detail}`);
      held.add(gate.name);
    }
    const restarts = gates.find(({ name }) => name === 'no restarts');
    if (job !== undefined && restarts?.holds === false) {
      throw new UserFault(
        `${desired.name} runs but is not healthy: ${restarts.detail}. ` +
          'Put the cause right and apply again; Flink keeps restarting it until then',
      );
    }
    const missing = gates.filter(({ holds }) => !holds);
    if (job !== undefined && missing.length === 0) return { done: true, value: job };
    return { done: false, missing: missing.map((gate) => `${gate.name} (${gate.detail})`).join('; ') };
  });
}

/** The job's health without the restarts and checkpoints that are past. */
function sinceThen(job: JobHealth, past: { restarts: number; checkpoints: number }): JobHealth {
  const completed = job.checkpoints.completed - past.checkpoints;
  return { ...job, restarts: job.restarts - past.restarts, checkpoints: { ...job.checkpoints, completed } };
}

/** The job's health, or why Flink did not tell it this time: one answer that fails is no sign of a bad release. */
async function healthOrReason(pageUrl: string): Promise<JobHealth | undefined | string> {
  try {
    return await readJobHealth(pageUrl);
  } catch (cause) {
    if (cause instanceof UserFault) return cause.message;
    throw cause;
  }
}

/**
 * Stops with a snapshot, for the case that the old version is wanted back. A job in a restart loop takes none: it
 * is stopped by force, which loses nothing, because no state is carried on from here.
 */
async function stop(rolling: Rolling): Promise<void> {
  const { flink, desired, say } = rolling;
  const { name } = desired;
  say(`stopping ${name} with a snapshot`);
  const operation = await untilEnded(rolling, 'stop', await flink.stop(name, false), UNTIL_STOPPED_MS);
  if (operation.status === 'SUCCESSFUL') return;
  say(`it takes no snapshot (${operation.error ?? operation.status}): stopping it by force`);
  await untilDone(rolling, 'forced stop', await flink.stop(name, true), UNTIL_STOPPED_MS);
}

async function upload({ code, release, desired, say }: Rolling): Promise<void> {
  if (await code.has(release.key)) {
    say(`release ${release.hash} is in the code bucket already`);
    return;
  }
  const jar = release.jar();
  const megabytes = (jar.length / 1e6).toFixed(1);
  say(`uploading release ${release.hash} (${megabytes} MB) to s3://${desired.settings.bucket}`);
  await code.put(release.key, jar);
}

/** Waits for the operation's success; throws its error if it fails. */
async function untilDone(rolling: Rolling, what: string, id: string, limitMs: number): Promise<void> {
  const { status, error } = await untilEnded(rolling, what, id, limitMs);
  if (status === 'SUCCESSFUL') return;
  throw new UserFault(
    `the ${what} of ${rolling.desired.name} ended as ${status}: ${error ?? 'no reason given'}`,
  );
}

async function untilEnded(
  { flink, desired }: Rolling,
  what: string,
  id: string,
  limitMs: number,
): Promise<Operation> {
  return waitUntil(`the ${what} of ${desired.name}`, limitMs, POLL_EVERY_MS, async () => {
    const operation = await flink.operation(desired.name, id);
    if (operation.status === 'IN_PROGRESS') return { done: false, missing: 'it is under way' };
    return { done: true, value: operation };
  });
}
