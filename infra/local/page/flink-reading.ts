import { flinkRestUrl, readJobHealth } from '../../../orchestrator/service/flink-job';
import type { JobReading } from './page-event';

const requestLimitMs = 10_000;
/** So many names fit into one request's URL. */
const mostMetrics = 40;

interface Details {
  readonly vertices: readonly { readonly id: string; readonly name: string }[];
  readonly plan: { readonly nodes: readonly { readonly id: string; readonly inputs?: readonly unknown[] }[] };
}

interface Checkpoints {
  readonly latest?: {
    readonly completed?: {
      readonly latest_ack_timestamp: number;
      readonly end_to_end_duration: number;
    } | null;
  };
}

/**
 * Reads a job from Flink's REST API ("REST API, v1" of Flink's docs) behind the URL of its page. Undefined where there is
 * no job yet. Throws when Flink does not answer.
 */
export async function readJob(pageUrl: string): Promise<JobReading | undefined> {
  const health = await readJobHealth(pageUrl);
  if (health === undefined) return undefined;
  const job = flinkRestUrl(pageUrl, `/jobs/${health.jobId}`);
  const [details, checkpoints] = await Promise.all([
    get<Details>(job),
    get<Checkpoints>(`${job}/checkpoints`),
  ]);
  const sources = details.plan.nodes.filter(({ inputs }) => (inputs ?? []).length === 0).map(({ id }) => id);
  const [vertices, restarts] = await Promise.all([
    Promise.all(details.vertices.map(({ id }) => readVertex(`${job}/vertices/${id}`, sources.includes(id)))),
    get<{ id: string; value: string }[]>(`${job}/metrics?get=numRestarts`),
  ]);
  const watermarks = vertices.flatMap(({ watermarkMs }) => watermarkMs ?? []);
  const read = vertices.flatMap(({ recordsRead }) => recordsRead ?? []);
  const last = checkpoints.latest?.completed ?? undefined;
  return {
    id: health.jobId,
    state: health.state,
    tasks: health.tasks,
    restarts: Number(restarts[0]?.value ?? health.restarts),
    lastFailure: health.lastFailure,
    checkpoints: {
      ...health.checkpoints,
      last: last && {
        atMs: last.latest_ack_timestamp,
        tookMs: last.end_to_end_duration,
      },
    },
    watermarkMs: watermarks.length === 0 ? undefined : Math.min(...watermarks),
    behindMs: health.sources.behindMs,
    recordsRead: read.length === 0 ? undefined : read.reduce((sum, records) => sum + records, 0),
    recordsWritten: Object.assign({}, ...vertices.map(({ recordsWritten }) => recordsWritten)) as Record<
      string,
      number
    >,
  };
}

interface VertexReading {
  readonly watermarkMs: number | undefined;
  readonly recordsRead: number | undefined;
  readonly recordsWritten: Readonly<Record<string, number>>;
}

async function readVertex(vertex: string, isSource: boolean): Promise<VertexReading> {
  const [watermarks, names] = await Promise.all([
    get<{ value: string }[]>(`${vertex}/watermarks`),
    get<{ id: string }[]>(`${vertex}/subtasks/metrics`),
  ]);
  // Before the first watermark Flink gives the smallest long there is.
  const known = watermarks.map(({ value }) => Number(value)).filter((ms) => ms > 0);
  // A sink's writer is named `excess[27]__Writer`: the table, and a number that any change of the query changes.
  const asked = names
    .map(({ id }) => id)
    .filter((id) => sinkOf(id) !== undefined || (isSource && id === 'numRecordsIn'))
    .slice(0, mostMetrics);
  const metrics =
    asked.length === 0
      ? []
      : await get<{ id: string; sum: number }[]>(
          `${vertex}/subtasks/metrics?get=${encodeURIComponent(asked.join(','))}&agg=sum`,
        );
  const recordsWritten: Record<string, number> = {};
  for (const { id, sum } of metrics) {
    const sink = sinkOf(id);
    if (sink !== undefined) recordsWritten[sink] = (recordsWritten[sink] ?? 0) + sum;
  }
  return {
    watermarkMs: known.length === 0 || known.length < watermarks.length ? undefined : Math.min(...known),
    recordsRead: metrics.find(({ id }) => id === 'numRecordsIn')?.sum,
    recordsWritten,
  };
}

function sinkOf(metric: string): string | undefined {
  return /^(\w+)\[\d+\]__Writer\.numRecordsSend$/.exec(metric)?.[1];
}

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(requestLimitMs) });
  if (!response.ok) throw new Error(`Flink answers HTTP ${response.status} to ${new URL(url).pathname}`);
  return (await response.json()) as T;
}
