import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeInS3 } from './code-in-s3';
import { rootCause } from '../../../orchestrator/service/java-stack-trace';
import { FINAL_STATES, type FlinkRest, type SavepointTrigger } from './flink-rest';
import type { ApplicationRecord } from './records';
import { waitUntil } from './wait-until';

const UNTIL_RUNNING_MS = 180_000;
const UNTIL_GONE_MS = 60_000;
// The service gives a snapshot ten minutes.
const UNTIL_SAVEPOINT_MS = 600_000;

/** What happens on Flink for an application: its JAR runs as a job, gives savepoints, ends. */
export class Jobs {
  constructor(
    private readonly flink: FlinkRest,
    private readonly code: CodeInS3,
    private readonly folder: string,
  ) {}

  /**
   * Runs the application's code and waits until its job runs; a job in a restart loop runs, as in the service.
   * Throws why the job could not be submitted or failed for good. `onJob` hears of the job before it exists.
   */
  async launch(
    application: ApplicationRecord,
    savepointPath: string | undefined,
    signal: AbortSignal,
    onJob: (job: { id: string; jarId: string }) => void,
  ): Promise<void> {
    const { bytes } = await this.code.read(application.configuration.code);
    const properties = this.writeProperties(application);
    signal.throwIfAborted();
    const jarId = await this.flink.uploadJar(`${application.name}-${application.version}.jar`, bytes);
    // The id is ours, so that whoever comes after a crash of the endpoint knows which job was begun.
    const jobId = randomUUID().replaceAll('-', '');
    onJob({ id: jobId, jarId });
    await this.flink.runJar(jarId, {
      jobId,
      programArgsList: ['--properties', properties],
      parallelism: parallelismOf(application),
      savepointPath,
      allowNonRestoredState: application.run.allowNonRestoredState,
      flinkConfiguration: flinkConfiguration(application),
    });
    await waitUntil(`job ${jobId} to run`, UNTIL_RUNNING_MS, signal, async () => {
      const state = await this.flink.jobState(jobId);
      if (state === 'RESTARTING') return state;
      if (state === 'RUNNING' && (await this.flink.allTasksRun(jobId))) return state;
      if (state === undefined || FINAL_STATES.includes(state)) {
        const exception = await this.flink.lastException(jobId);
        throw new Error(`the job ended as ${state ?? 'unknown'}: ${rootCause(exception ?? 'no exception')}`);
      }
      return undefined;
    });
  }

  async isAlive(application: ApplicationRecord): Promise<boolean> {
    if (application.job === undefined) return false;
    const state = await this.flink.jobState(application.job.id);
    return state !== undefined && !FINAL_STATES.includes(state);
  }

  /**
   * Asks Flink for a savepoint, with `stop` also for the job's end. The answer says where to ask how it goes;
   * `onTrigger` hears of it before Flink does.
   */
  async beginSavepoint(
    application: ApplicationRecord,
    stop: boolean,
    onTrigger: (trigger: SavepointTrigger) => void,
  ): Promise<SavepointTrigger> {
    const job = application.job;
    if (job === undefined) throw new Error(`application ${application.name} has no job`);
    const trigger = { jobId: job.id, requestId: randomUUID().replaceAll('-', '') };
    onTrigger(trigger);
    await this.flink.triggerSavepoint(trigger, this.savepoints(application), stop);
    return trigger;
  }

  /** Waits for a savepoint and answers its place; throws why there is none. */
  savepointWritten(trigger: SavepointTrigger, signal: AbortSignal): Promise<string> {
    return waitUntil(`the savepoint of job ${trigger.jobId}`, UNTIL_SAVEPOINT_MS, signal, () =>
      this.flink.savepointPath(trigger),
    );
  }

  /** Cancels a job that was begun but is not there yet, should it come after all. */
  async endIfItComes(jobId: string, signal: AbortSignal): Promise<void> {
    await waitUntil(`job ${jobId} not to come`, UNTIL_RUNNING_MS, signal, async () => {
      const state = await this.flink.jobState(jobId);
      if (state === undefined || state === 'INITIALIZING') return undefined;
      if (!FINAL_STATES.includes(state)) await this.flink.cancel(jobId);
      return state;
    });
  }

  /** Flink's plan of the job, as it answers it; undefined where there is no job. */
  async plan(application: ApplicationRecord): Promise<string | undefined> {
    return application.job === undefined ? undefined : this.flink.jobPlan(application.job.id);
  }

  /** Ends the job at once. Nothing happens where there is none. */
  async cancel(application: ApplicationRecord, signal: AbortSignal): Promise<void> {
    if (application.job === undefined) return;
    if (await this.isAlive(application)) await this.flink.cancel(application.job.id);
    await this.untilGone(application, signal);
  }

  /** Lets go of a job that has ended, and of its JAR. */
  async forget(application: ApplicationRecord): Promise<void> {
    const job = application.job;
    application.job = undefined;
    if (job !== undefined) await this.flink.deleteJar(job.jarId);
  }

  async disposeSavepoint(path: string): Promise<void> {
    await this.flink.disposeSavepoint(path);
  }

  /** Removes what an application left in the folder, its savepoints included. */
  removeFiles(application: ApplicationRecord): void {
    rmSync(this.filesOf(application), { recursive: true, force: true });
  }

  /** Waits until the job has ended, and lets go of it. */
  async untilGone(application: ApplicationRecord, signal: AbortSignal): Promise<void> {
    const what = `job ${application.job?.id ?? '?'} to end`;
    await waitUntil(what, UNTIL_GONE_MS, signal, async () => !(await this.isAlive(application)) || undefined);
    await this.forget(application);
  }

  /** The file that a job finds at /etc/flink/application_properties.json in the service. */
  private writeProperties(application: ApplicationRecord): string {
    mkdirSync(this.filesOf(application), { recursive: true });
    const file = join(this.filesOf(application), 'application_properties.json');
    const groups = application.configuration.propertyGroups.map(({ id, map }) => ({
      PropertyGroupId: id,
      PropertyMap: map,
    }));
    writeFileSync(file, JSON.stringify(groups, null, 2));
    return file;
  }

  private savepoints(application: ApplicationRecord): string {
    // Flink takes the path as it is: %20 for a space would be another folder.
    return `file://${join(this.filesOf(application), 'snapshots')}`;
  }

  private filesOf(application: ApplicationRecord): string {
    return join(this.folder, 'applications', application.name);
  }
}

/** How many subtasks run: what was configured, unless auto-scaling has changed it. */
export function parallelismOf(application: ApplicationRecord): number {
  return application.scaledParallelism ?? application.configuration.parallelism.parallelism;
}

/** The service restarts a failed job for ever; its own pause is 10 s, here it is short so that tests are. */
function flinkConfiguration(application: ApplicationRecord): Record<string, string> {
  const { checkpoints } = application.configuration;
  return {
    'restart-strategy.type': 'fixed-delay',
    'restart-strategy.fixed-delay.attempts': String(2 ** 31 - 1),
    'restart-strategy.fixed-delay.delay': '1 s',
    ...(checkpoints.enabled && {
      'execution.checkpointing.interval': `${checkpoints.intervalMs} ms`,
      'execution.checkpointing.min-pause': `${checkpoints.minPauseMs} ms`,
    }),
  };
}
