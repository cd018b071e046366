import { currentJob, getFlink } from './flink-job';

/** As much of the job's plan as says what leads where. */
interface Details {
  plan: { nodes: { id: string; description?: string; inputs?: { id: string }[] }[] };
}

const WATERMARK = 'currentInputWatermark';
/** The table that the detections write into. */
const EXCESS_SINK = /\bexcess\[/;

/**
 * The event-time second up to which the running job has judged everything (exclusive): the least watermark of all
 * tasks that write excesses or lead there. Undefined where a task has none yet, or there is no job.
 */
export async function readFinishedUntil(pageUrl: string): Promise<number | undefined> {
  const job = await currentJob(pageUrl);
  if (job === undefined) return undefined;
  const { plan } = await getFlink<Details>(pageUrl, `/jobs/${job.jid}`);
  const watermarks = await Promise.all(
    tasksToExcess(plan.nodes).map((id) => watermarksOf(pageUrl, job.jid, id)),
  );
  const all = watermarks.flat();
  if (all.length === 0 || all.some((watermark) => watermark === undefined)) return undefined;
  const least = Math.min(...all.map((watermark) => watermark ?? 0));
  // A watermark of 999 ms closes second 0: there is nothing to come before or at it.
  return Math.floor((least + 1) / 1_000);
}

/** Where no task writes excesses, those of every sink count. A source has no input, and so no watermark to ask for. */
function tasksToExcess(nodes: Details['plan']['nodes']): string[] {
  const inputs = (id: string): string[] =>
    (nodes.find((node) => node.id === id)?.inputs ?? []).map((input) => input.id);
  const leadsOn = new Set(nodes.flatMap(({ id }) => inputs(id)));
  const sinks = nodes.filter(({ id }) => !leadsOn.has(id));
  const ofExcess = sinks.filter(({ description }) => EXCESS_SINK.test(description ?? ''));
  const found = new Set<string>();
  const waiting = (ofExcess.length > 0 ? ofExcess : sinks).map(({ id }) => id);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    waiting.push(...inputs(id));
  }
  return [...found].filter((id) => inputs(id).length > 0);
}

/** Of each subtask of a task, in epoch milliseconds; undefined for one that has no watermark yet. */
async function watermarksOf(pageUrl: string, jobId: string, task: string): Promise<(number | undefined)[]> {
  const path = `/jobs/${jobId}/vertices/${task}`;
  const { parallelism } = await getFlink<{ parallelism: number }>(pageUrl, path);
  const wanted = Array.from({ length: parallelism }, (_, index) => `${index}.${WATERMARK}`);
  const metrics = await getFlink<{ id: string; value: string }[]>(
    pageUrl,
    `${path}/metrics?get=${wanted.join(',')}`,
  );
  return wanted.map((name) => {
    const value = Number(metrics.find(({ id }) => id === name)?.value);
    return Number.isFinite(value) && value > 0 ? value : undefined;
  });
}
