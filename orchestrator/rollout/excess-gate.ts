import { compareExcesses, type Comparison, type Span } from '../comparison/compare-excesses';
import type { ExcessStream } from './excess-stream';
import type { ExcessComparison } from './rolling';

/** So many more subjects than before may be found by a new release whatever the old one found. */
const MOST_NEW_SUBJECTS = 10;
/** Excesses are read from the stream by arrival, and clocks may differ by this much. */
const CLOCKS_DIFFER_SECONDS = 60;

/**
 * Compares what two generations that run side by side said of the seconds that both have finished. A change is made to
 * find others, so differences are told and let pass; only what no one wants is held back: a release that would suspend
 * many more subjects than the one before. Pure.
 */
export function judgeExcesses({ episodes, found, released }: Comparison): ExcessComparison {
  const by = (outcome: string): number => episodes.filter((episode) => episode.outcome === outcome).length;
  const before = new Set(
    episodes
      .filter(({ action, old, subject }) => action === 'suspend' && old !== undefined && subject !== '')
      .map(({ subject }) => subject),
  ).size;
  return {
    holds: found.length <= MOST_NEW_SUBJECTS || found.length <= before,
    detail:
      `episodes: ${by('both')} of both, ${by('found')} only of the new, ${by('released')} only of the old; ` +
      `the new one would suspend ${found.length} subjects more and ${released.length} less than ${before}`,
  };
}

/** Reads what both generations of an application said, and judges it. */
export async function compareGenerations(
  stream: ExcessStream,
  application: string,
  { old, next }: { old: number; next: number },
  span: Span,
): Promise<ExcessComparison> {
  const since = new Date((span.from - CLOCKS_DIFFER_SECONDS) * 1_000);
  const said = (await stream.since(since, application)).map(({ excess }) => excess);
  const of = (generation: number): typeof said => said.filter((one) => one.generation === generation);
  return judgeExcesses(compareExcesses(of(old), of(next), span));
}
