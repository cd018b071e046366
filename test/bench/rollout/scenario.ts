import type { Rule } from './rule';

/** Windows of the bench. A two-minute window made shorter or longer differs in nothing but the waiting. */
export interface Windows {
  readonly short: number;
  readonly long: number;
}

/** What is changed in the middle of a run. */
export type ChangeName = 'limit' | 'longer window' | 'shorter window' | 'added detection' | 'runtime update';

/** How it is brought in: by `spillway apply --rollout`, or by the service's own update that restores the state. */
export type Way = 'restart' | 'replay' | 'handover' | 'naive';

export interface Scenario {
  readonly change: ChangeName;
  readonly way: Way;
}

/** Those that miss nothing, and the naive update of each changed window beside them. */
export const scenarios: readonly Scenario[] = [
  { change: 'limit', way: 'restart' },
  { change: 'limit', way: 'replay' },
  { change: 'limit', way: 'handover' },
  { change: 'longer window', way: 'replay' },
  { change: 'longer window', way: 'handover' },
  { change: 'longer window', way: 'naive' },
  { change: 'shorter window', way: 'replay' },
  { change: 'shorter window', way: 'handover' },
  { change: 'shorter window', way: 'naive' },
  { change: 'added detection', way: 'replay' },
  { change: 'added detection', way: 'handover' },
  { change: 'runtime update', way: 'replay' },
  { change: 'runtime update', way: 'handover' },
];

export const LIMIT = 1_000;
export const LOWER_LIMIT = 600;

/** The values of a change's parameters, before and after it. */
export function parametersOf(
  change: ChangeName,
  windows: Windows,
): { before: Record<string, string>; after: Record<string, string> } {
  const { before, after } = rulesOf(change, windows);
  const texts = ({ windowSeconds, limit }: Rule): Record<string, string> => ({
    window: `${windowSeconds}s`,
    limit: String(limit),
    delay: '2s',
    silence: '0s',
  });
  return { before: texts(before), after: texts(after) };
}

/** The rules of partition-heat before and after a change. */
export function rulesOf(change: ChangeName, { short, long }: Windows): { before: Rule; after: Rule } {
  const rule = (windowSeconds: number, limit = LIMIT): Rule => ({ windowSeconds, limit });
  switch (change) {
    case 'limit':
      return { before: rule(short), after: rule(short, LOWER_LIMIT) };
    case 'longer window':
      return { before: rule(short), after: rule(long) };
    case 'shorter window':
      return { before: rule(long), after: rule(short) };
    case 'added detection':
    case 'runtime update':
      return { before: rule(short), after: rule(short) };
  }
}
