import type { RunEntry } from '../../billing/books/runs';
import type { Period } from '../../billing/period';
import { UserFault } from '../../user-fault';

/** The run that begins so; without a name the invoice, or the last one made. Throws a UserFault where there is none. */
export function foundRun(
  runs: readonly RunEntry[],
  name: string | undefined,
  otherwise: 'invoice' | 'last',
  definition: string,
  { name: period }: Period,
): string {
  const fallback = otherwise === 'invoice' ? runs.find(({ is }) => is === 'invoice') : runs.at(-1);
  const matching =
    name === undefined ? fallback && [fallback] : runs.filter(({ run }) => run.startsWith(name));
  const [found, ...others] = matching ?? [];
  if (found !== undefined && others.length === 0) return found.run;
  const there = runs.length === 0 ? 'there is none' : `there are ${runs.map(({ run }) => run).join(', ')}`;
  throw new UserFault(
    name === undefined
      ? `${definition} has no run of ${period}: \`spillway billing run ${definition} --period ${period}\` makes one`
      : `${others.length > 0 ? 'several runs begin' : 'no run begins'} with "${name}": ${there}`,
  );
}
