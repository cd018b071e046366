import type { Excess } from '../../lambdas/contracts/excess';

/** The seconds whose excesses are compared, by windowEnd; `until` is exclusive. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** What one side said in an episode. */
export interface Side {
  /** The windowEnd of its first excess, and of its last one. */
  readonly first: number;
  readonly last: number;
  /** How many seconds it spoke of. */
  readonly excesses: number;
  /** The most write units that it stated. */
  readonly units: number;
  readonly limit: number;
}

/** Consecutive excesses of one subject, said by one side or by both. */
export interface ComparedEpisode {
  readonly detection: string;
  readonly action: 'suspend' | 'notify';
  readonly resource: string;
  readonly key: string;
  readonly subject: string;
  /** `found`: only the new one says it; `released`: only the old one. */
  readonly outcome: 'found' | 'released' | 'both';
  readonly old?: Side;
  readonly new?: Side;
  /** By how much the new one is later; below 0 it is earlier. Only where both say it. */
  readonly laterSeconds?: number;
}

export interface Comparison {
  /** In the order of their beginnings. */
  readonly episodes: readonly ComparedEpisode[];
  /** Subjects that the new one would have suspended and the old one did not, sorted; and the other way round. */
  readonly found: readonly string[];
  readonly released: readonly string[];
}

/**
 * Who would be found and who released if the new generation were heard in place of the old one, and what is said earlier
 * or later. Excesses of one (detection, resource, key, subject), of either side, belong to one episode while no gap is
 * longer than the window. Pure.
 *
 * The span must lie where both sides have said all they have to say: after the new one's warm-up, and before what
 * either has not finished yet.
 */
export function compareExcesses(
  old: readonly Excess[],
  new_: readonly Excess[],
  { from, until }: Span,
): Comparison {
  const groups = new Map<string, Said[]>();
  for (const [excesses, isNew] of [[old, false] as const, [new_, true] as const]) {
    for (const excess of excesses) {
      if (excess.windowEnd < from || excess.windowEnd >= until) continue;
      const { detection, resource, key, subject } = excess;
      const identity = JSON.stringify([detection, resource, key, subject]);
      const group = groups.get(identity);
      if (group === undefined) groups.set(identity, [{ excess, isNew }]);
      else group.push({ excess, isNew });
    }
  }
  const episodes = [...groups.values()].flatMap((said) => episodesOf(said).map(compared));
  const [suspendedBefore, suspendedAfter] = [suspended(old, from, until), suspended(new_, from, until)];
  return {
    episodes: episodes.sort((a, b) => begin(a) - begin(b) || compareText(a, b)),
    found: [...suspendedAfter].filter((subject) => !suspendedBefore.has(subject)).sort(),
    released: [...suspendedBefore].filter((subject) => !suspendedAfter.has(subject)).sort(),
  };
}

interface Said {
  readonly excess: Excess;
  readonly isNew: boolean;
}

function episodesOf(said: readonly Said[]): Said[][] {
  const episodes: Said[][] = [];
  let end = -Infinity;
  for (const one of [...said].sort((a, b) => a.excess.windowEnd - b.excess.windowEnd)) {
    const { windowStart, windowEnd } = one.excess;
    const episode = windowEnd <= end ? episodes.at(-1) : undefined;
    if (episode === undefined) episodes.push([one]);
    else episode.push(one);
    // Of two windows the longer one counts: what one side calls one episode is not two of the other's.
    end = Math.max(end, windowEnd + (windowEnd - windowStart));
  }
  return episodes;
}

function compared(said: readonly Said[]): ComparedEpisode {
  const sideOf = (isNew: boolean): Side | undefined => side(said.filter((one) => one.isNew === isNew));
  const [oldSide, newSide] = [sideOf(false), sideOf(true)];
  const [{ excess }] = said as [Said];
  const { detection, action = 'suspend', resource, key, subject } = excess;
  return {
    ...{ detection, action, resource, key, subject },
    outcome: oldSide === undefined ? 'found' : newSide === undefined ? 'released' : 'both',
    ...(oldSide !== undefined && { old: oldSide }),
    ...(newSide !== undefined && { new: newSide }),
    ...(oldSide !== undefined && newSide !== undefined && { laterSeconds: newSide.first - oldSide.first }),
  };
}

function side(said: readonly Said[]): Side | undefined {
  const [first, last] = [said[0], said.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return {
    first: first.excess.windowEnd,
    last: last.excess.windowEnd,
    // One second may be spoken of twice: at once, and when it is closed.
    excesses: new Set(said.map(({ excess }) => excess.windowEnd)).size,
    units: Math.max(...said.map(({ excess }) => excess.units)),
    limit: last.excess.limit,
  };
}

function suspended(excesses: readonly Excess[], from: number, until: number): Set<string> {
  const acted = excesses.filter(
    ({ action, subject, windowEnd }) =>
      action !== 'notify' && subject !== '' && windowEnd >= from && windowEnd < until,
  );
  return new Set(acted.map(({ subject }) => subject));
}

function begin(episode: ComparedEpisode): number {
  return Math.min(episode.old?.first ?? Infinity, episode.new?.first ?? Infinity);
}

function compareText(a: ComparedEpisode, b: ComparedEpisode): number {
  const text = ({ detection, resource, key, subject }: ComparedEpisode): string =>
    JSON.stringify([subject, detection, resource, key]);
  return text(a) < text(b) ? -1 : 1;
}
