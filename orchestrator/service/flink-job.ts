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
}

const REQUEST_LIMIT_MS = 10_000;

/**
 * Reads a job's health from Flink's REST API behind the URL of its page. Undefined where there is no job yet.
 * Of several jobs on one cluster (only local ones share one) the URL's fragment names the application's.
 */
export async function readJobHealth(pageUrl: string): Promise<JobHealth | undefined> {
  const url = new URL(pageUrl);
  const base = `${url.origin}${url.pathname.replace(/\/$/, '')}`;
  const get = <T>(path: string): Promise<T> => getJson<T>(`${base}${path}${url.search}`);
  const { jobs } = await get<{ jobs: Overview[] }>('/jobs/overview');
  const named = /\/job\/[^/]+\/([0-9a-f]{32})/.exec(url.hash)?.[1];
  const job = jobs
    .filter(({ jid }) => named === undefined || jid === named)
    .sort((a, b) => b['start-time'] - a['start-time'])[0];
  if (job === undefined) return undefined;
  const jobId = job.jid;
  const [exceptions, checkpoints, details] = await Promise.all([
    get<Exceptions>(`/jobs/${jobId}/exceptions`),
    get<Checkpoints>(`/jobs/${jobId}/checkpoints`),
    get<Details>(`/jobs/${jobId}`),
  ]);
  const failures = exceptions.exceptionHistory?.entries ?? [];
  return {
    jobId,
    state: job.state,
    tasks: { running: job.tasks.running, total: job.tasks.total },
    restarts: failures.length,
    lastFailure: failures[0] === undefined ? undefined : rootCause(failures[0].stacktrace),
    checkpoints: { completed: checkpoints.counts.completed, failed: checkpoints.counts.failed },
    sources: await sourcesOf(jobId, details, get),
  };
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
  vertices: { id: string; name: string }[];
  plan: { nodes: { id: string; inputs?: unknown[] }[] };
}

/** A source reads once it has measured how far behind it is; before that, the metric is not there. */
async function sourcesOf(
  jobId: string,
  details: Details,
  get: <T>(path: string) => Promise<T>,
): Promise<JobHealth['sources']> {
  const sources = details.plan.nodes.filter(({ inputs }) => (inputs ?? []).length === 0);
  const lags = await Promise.all(
    sources.map(async ({ id }) => {
      const path = `/jobs/${jobId}/vertices/${id}/subtasks/metrics`;
      const names = (await get<{ id: string }[]>(path)).map((metric) => metric.id);
      return names.filter((name) => name.endsWith('millisBehindLatest'));
    }),
  );
  return {
    total: sources.length,
    reading: lags.filter((names) => names.length > 0).length,
    behindMs: undefined,
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

/** The innermost `Caused by` of a Java stack trace, without its frames. */
function rootCause(stackTrace: string): string {
  const lines = stackTrace.split('\n');
  const causes = lines.filter((line) => line.startsWith('Caused by: '));
  return (causes.at(-1)?.slice('Caused by: '.length) ?? lines[0] ?? stackTrace).trim();
}
