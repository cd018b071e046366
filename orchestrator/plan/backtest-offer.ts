import type { Plan } from './plan';

/** How far back the offered backtest looks. */
const since = '7d';

/**
 * The command that shows whom the change of a plan would have found, by the archive; undefined where no limit and no
 * window changes. What runs is the old, what is wanted the new. Pure.
 */
export function backtestOffer({
  application,
  environment,
  observed,
  desired,
  changes,
}: Pick<Plan, 'application' | 'environment' | 'observed' | 'desired' | 'changes'>): string | undefined {
  if (observed === null) return undefined;
  const names = changes
    .flatMap(({ what }) => /^parameter (.+)$/.exec(what)?.[1] ?? [])
    .filter(decidesWhoIsFound)
    .sort();
  const options = names.flatMap((name) => {
    const [runs, wanted] = [observed.settings.parameters[name], desired.parameters[name]];
    return runs === undefined || wanted === undefined
      ? []
      : [` --against ${quoted(`${name}=${runs}`)} --set ${quoted(`${name}=${wanted}`)}`];
  });
  if (options.length === 0) return undefined;
  return `spillway backtest ${application} --env ${environment} --since ${since}${options.join('')}`;
}

/** `limit`, `burst_limit`, `limits`, `window`, …: a name says what its parameter is. */
function decidesWhoIsFound(name: string): boolean {
  return name.split('_').some((word) => ['limit', 'limits', 'window', 'share'].includes(word));
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w=.,:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
