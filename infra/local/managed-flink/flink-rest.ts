import { rootCause } from '../../../orchestrator/service/java-stack-trace';
import { basename } from 'node:path';
import { messageOf } from './faults';

/** A job's state as Flink names it; the last four are final. */
export type JobState =
  | 'INITIALIZING'
  | 'CREATED'
  | 'RUNNING'
  | 'FAILING'
  | 'RESTARTING'
  | 'CANCELLING'
  | 'RECONCILING'
  | 'FAILED'
  | 'CANCELED'
  | 'FINISHED'
  | 'SUSPENDED';

export const FINAL_STATES: readonly JobState[] = ['FAILED', 'CANCELED', 'FINISHED', 'SUSPENDED'];

/** A savepoint that was asked for: under which id, and of which job. */
export interface SavepointTrigger {
  jobId: string;
  requestId: string;
}

export interface JarRun {
  /** 32 hexadecimal digits. */
  jobId: string;
  programArgsList: string[];
  parallelism: number;
  savepointPath?: string | undefined;
  allowNonRestoredState: boolean;
  flinkConfiguration: Record<string, string>;
}

// A cold JobManager plans a SQL job for a good ten seconds inside the request that runs the JAR.
const REQUEST_LIMIT_MS = 120_000;

/** Flink's REST API ("REST API, v1" of Flink's docs), as far as an application's life needs it. */
export class FlinkRest {
  constructor(readonly url: string) {}

  /** Uploads a JAR; the answer is the id to run and delete it by. */
  async uploadJar(name: string, bytes: Buffer): Promise<string> {
    const form = new FormData();
    const file = new Blob([new Uint8Array(bytes)], { type: 'application/java-archive' });
    form.append('jarfile', file, name);
    const answer = (await this.request('POST', '/jars/upload', form)) as { filename: string };
    return basename(answer.filename);
  }

  async runJar(jarId: string, run: JarRun): Promise<void> {
    await this.request('POST', `/jars/${jarId}/run`, run);
  }

  async deleteJar(jarId: string): Promise<void> {
    await this.request('DELETE', `/jars/${jarId}`);
  }

  /** Undefined where Flink knows no such job. */
  async jobState(jobId: string): Promise<JobState | undefined> {
    const answer = (await this.request('GET', '/jobs')) as { jobs: { id: string; status: JobState }[] };
    return answer.jobs.find((job) => job.id === jobId)?.status;
  }

  /** Whether every task of a job runs: before that it takes no savepoint. */
  async allTasksRun(jobId: string): Promise<boolean> {
    const answer = (await this.request('GET', '/jobs/overview')) as {
      jobs: { jid: string; tasks: { total: number; running: number } }[];
    };
    const tasks = answer.jobs.find((job) => job.jid === jobId)?.tasks;
    return tasks !== undefined && tasks.total > 0 && tasks.running === tasks.total;
  }

  /** The root of what failed a job last, or undefined. */
  async lastException(jobId: string): Promise<string | undefined> {
    const answer = (await this.request('GET', `/jobs/${jobId}/exceptions`)) as {
      exceptionHistory?: { entries?: { stacktrace?: string }[] };
    };
    return answer.exceptionHistory?.entries?.[0]?.stacktrace;
  }

  async cancel(jobId: string): Promise<void> {
    await this.request('PATCH', `/jobs/${jobId}?mode=cancel`);
  }

  /** Flink's plan of a job, as the text of a JSON document. */
  async jobPlan(jobId: string): Promise<string> {
    return JSON.stringify(await this.request('GET', `/jobs/${jobId}/plan`));
  }

  /** Asks for a savepoint, with `stop` also for the job's end. */
  async triggerSavepoint(trigger: SavepointTrigger, directory: string, stop: boolean): Promise<void> {
    const { jobId, requestId: triggerId } = trigger;
    await (stop
      ? this.request('POST', `/jobs/${jobId}/stop`, { triggerId, targetDirectory: directory, drain: false })
      : this.request('POST', `/jobs/${jobId}/savepoints`, {
          triggerId,
          'target-directory': directory,
          'cancel-job': false,
        }));
  }

  /** The savepoint's place once it is written, undefined while it is not; throws Flink's reason if it failed. */
  async savepointPath({ jobId, requestId }: SavepointTrigger): Promise<string | undefined> {
    const answer = (await this.request('GET', `/jobs/${jobId}/savepoints/${requestId}`)) as {
      status: { id: 'IN_PROGRESS' | 'COMPLETED' };
      operation?: { location?: string; 'failure-cause'?: { 'stack-trace': string } };
    };
    if (answer.status.id === 'IN_PROGRESS') return undefined;
    const failure = answer.operation?.['failure-cause'];
    if (failure !== undefined) throw new Error(rootCause(failure['stack-trace']));
    if (answer.operation?.location === undefined) throw new Error('Flink named no place for the savepoint');
    return answer.operation.location;
  }

  async disposeSavepoint(savepoint: string): Promise<void> {
    await this.request('POST', '/savepoint-disposal', { 'savepoint-path': savepoint });
  }

  private async request(method: string, path: string, body?: object): Promise<unknown> {
    const isForm = body instanceof FormData;
    let response: Response;
    try {
      response = await fetch(this.url + path, {
        method,
        signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
        ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
        ...(body !== undefined && !isForm && { headers: { 'content-type': 'application/json' } }),
      });
    } catch (cause) {
      const reason = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
      throw new Error(`Flink does not answer at ${this.url}: ${messageOf(reason)}`, { cause });
    }
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`Flink refused ${method} ${path}: ${refusal(text) ?? `HTTP ${response.status}`}`);
    }
    return text === '' ? {} : (JSON.parse(text) as unknown);
  }
}

function refusal(text: string): string | undefined {
  try {
    const { errors } = JSON.parse(text) as { errors?: string[] };
    // The first entry is always "Internal server error."; the one with the stack trace says why.
    const reason = errors?.at(-1);
    return reason === undefined ? undefined : rootCause(reason);
  } catch {
    return text.slice(0, 1000) || undefined;
  }
}
