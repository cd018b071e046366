import { readFinishedUntil } from '../service/flink-progress';
import type { Span } from '../comparison/compare-excesses';
import type { Under } from './rolling';

/** An excess is in its stream so long after its second was finished: the sink puts what it has gathered. */
const UNTIL_IN_STREAM_SECONDS = 10;

/**
 * The seconds of which both jobs have said all they have to say: from the one at which the new one had warmed up.
 * Undefined where there is none yet.
 */
export async function comparedSpan(next: string, under: Under): Promise<Span | undefined> {
  const { flink, plan, facts } = under;
  const finished = await Promise.all(
    [plan.serviceName, next].map(async (name) => readFinishedUntil(await flink.flinkPage(name))),
  );
  const from = facts().cutover ?? 0;
  const until = Math.min(...finished.map((second) => second ?? 0)) - UNTIL_IN_STREAM_SECONDS;
  return until > from ? { from, until } : undefined;
}
