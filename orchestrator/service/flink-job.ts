import { rootCause } from './java-stack-trace';
import { messageOf, UserFault } from '../user-fault';

/** How a job is doing, as Flink itself tells. */
export interface JobHealth {
  jobId: string;
  /** Flink's state of the job, such as RUNNING or RESTARTING. */
  state: string;
  tasks: { running: number; total: number };
  /** How often the job was restarted. */
  restarts: number;
  /** What failed last, the root of it in one line. */
  lastFailure: string | undefined;
  checkpoints: { completed: number; failed: number };
  /** How many sources say how far behind the stream they are, and the most of it. */
  sources: { total: number; reading: number; behindMs: number | undefined };
  /** How many records the sources gave on, and how many the tasks after them took. */
  records: { in: number; out: number };
}

const REQUEST_LIMIT_MS = 10_000;
/** The Kinesis connector's metric, one per shard. */
const LAG_METRIC = 'millisBehindLatest';
/** So many fit into one request's URL. */
const MOST_LAGS = 50;

/** Where Flink's REST API answers a path such as `/jobs/overview`, behind the URL of its page. */
export function flinkRestUrl(pageUrl: string, path: string): string {
  const { origin, pathname, search } = new URL(pageUrl);
  const base = `${origin}${pathname.replace(/\/$/, '')}`;
  return base + path + (path.includes('?') ? search.replace('?', '&') : search);
}

/**
 * Reads a job's health from Flink's REST API behind the URL of its page. Undefined where there is no job yet.
 * Of several jobs on one cluster (only local ones share one) the URL's fragment names the application's.
 */
export async function readJobHealth(pageUrl: string): Promise<JobHealth | undefined> {
  const get = <T>(path: string): Promise<T> => getFlink<T>(pageUrl, path);
  const job = await currentJob(pageUrl);
  if (job === undefined) return undefined;
  const jobId = job.jid;
  const [exceptions, counted, checkpoints, details] = await Promise.all([
    get<Exceptions>(`/jobs/${jobId}/exceptions`),
    get<{ id: string; value: string }[]>(`/jobs/${jobId}/metrics?get=numRestarts`),
    get<Checkpoints>(`/jobs/${jobId}/checkpoints`),
    get<Details>(`/jobs/${jobId}`),
  ]);
  const failures = exceptions.exceptionHistory?.entries ?? [];
  return {
    jobId,
    state: job.state,
    tasks: { running: job.tasks.running, total: job.tasks.total },
    // The history forgets all but the last sixteen; the metric forgets none, but comes some seconds later.
    restarts: Math.max(failures.length, Number(counted[0]?.value ?? 0)),
    lastFailure: failures[0] === undefined ? undefined : rootCause(failures[0].stacktrace),
    checkpoints: { completed: checkpoints.counts.completed, failed: checkpoints.counts.failed },
    sources: await sourcesOf(jobId, details, get),
    records: recordsOf(details),
  };
}

/** The job that the URL's fragment names, else the newest; undefined where there is none yet. */
export async function currentJob(pageUrl: string): Promise<Overview | undefined> {
  const { jobs } = await getFlink<{ jobs: Overview[] }>(pageUrl, '/jobs/overview');
  const named = /\/job\/[^/]+\/([0-9a-f]{32})/.exec(new URL(pageUrl).hash)?.[1];
  return jobs
    .filter(({ jid }) => named === undefined || jid === named)
    .sort((a, b) => b['start-time'] - a['start-time'])[0];
}

/** Asks Flink's REST API behind the URL of its page. Throws a UserFault where it does not answer. */
export function getFlink<T>(pageUrl: string, path: string): Promise<T> {
  return getJson<T>(flinkRestUrl(pageUrl, path));
}

interface Overview {
  jid: string;
  state: string;
  'start-time': number;
  tasks: { running: number; total: number };
}

interface Exceptions {
  exceptionHistory?: { entries?: { stacktrace: string }[] };
}

interface Checkpoints {
  counts: { completed: number; failed: number };
}

interface Details {
  vertices: { id: string; name: string; metrics?: { 'read-records'?: number; 'write-records'?: number } }[];
  plan: { nodes: { id: string; inputs?: unknown[] }[] };
}

/**
 * A source reads once it has measured how far behind its stream it is (before that, the metric is not there) or,
 * if it is of a kind that does not measure it, once it has put out a record.
 */
async function sourcesOf(
  jobId: string,
  details: Details,
  get: <T>(path: string) => Promise<T>,
): Promise<JobHealth['sources']> {
  const sources = details.plan.nodes.filter(({ inputs }) => (inputs ?? []).length === 0);
  const states = await Promise.all(
    sources.map(async ({ id }) => {
      const path = `/jobs/${jobId}/vertices/${id}/subtasks/metrics`;
      const names = (await get<{ id: string }[]>(path)).map((metric) => metric.id);
      const lags = names.filter((name) => name.endsWith(LAG_METRIC));
      const asked = [...lags.slice(0, MOST_LAGS), ...names.filter((name) => name === 'numRecordsOut')];
      if (asked.length === 0) return { reading: false, behindMs: [] };
      const query = `get=${encodeURIComponent(asked.join(','))}&agg=max`;
      const metrics = await get<{ id: string; max: number }[]>(`${path}?${query}`);
      const behindMs = metrics.filter((metric) => metric.id.endsWith(LAG_METRIC)).map(({ max }) => max);
      return { reading: behindMs.length > 0 || metrics.some(({ max }) => max > 0), behindMs };
    }),
  );
  const behindMs = states.flatMap((state) => state.behindMs);
  return {
    total: sources.length,
    reading: states.filter(({ reading }) => reading).length,
    behindMs: behindMs.length === 0 ? undefined : Math.max(...behindMs),
  };
}

/** Of a job that is one single task nothing passes between tasks. */
function recordsOf({ vertices, plan }: Details): JobHealth['records'] {
  const sources = plan.nodes.filter(({ inputs }) => (inputs ?? []).length === 0).map(({ id }) => id);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const of = (isSource: boolean): Details['vertices'] =>
    vertices.filter(({ id }) => sources.includes(id) === isSource);
  return {
    in: sum(of(true).map(({ metrics }) => metrics?.['write-records'] ?? 0)),
    out: sum(of(false).map(({ metrics }) => metrics?.['read-records'] ?? 0)),
  };
}

async function getJson<T>(url: string): Promise<T> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_LIMIT_MS) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return (await response.json()) as T;
  } catch (cause) {
    throw new UserFault(`Flink does not answer at ${new URL(url).origin}: ${messageOf(cause)}`, { cause });
  }
}
