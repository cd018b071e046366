import type { Comparison, ComparedEpisode } from '../../../orchestrator/comparison/compare-excesses';
import { judgeExcesses } from '../../../orchestrator/rollout/excess-gate';

const side = { first: 100, last: 100, excesses: 1, units: 70_000, limit: 60_000 };

function episode(subject: string, outcome: ComparedEpisode['outcome']): ComparedEpisode {
  return {
    ...{ detection: 'partition-heat', action: 'suspend', resource: 'users', key: 'S:1', subject, outcome },
    ...(outcome !== 'found' && { old: side }),
    ...(outcome !== 'released' && { new: side }),
  };
}

function comparison(both: number, found: number, released: number): Comparison {
  const named = (count: number, what: ComparedEpisode['outcome']): string[] =>
    Array.from({ length: count }, (_, index) => `${what}-${index}`);
  const of = (count: number, what: ComparedEpisode['outcome']): ComparedEpisode[] =>
    named(count, what).map((subject) => episode(subject, what));
  return {
    episodes: [...of(both, 'both'), ...of(found, 'found'), ...of(released, 'released')],
    found: named(found, 'found'),
    released: named(released, 'released'),
  };
}

test('differences are what a change is for: they are told and let pass', () => {
  expect(judgeExcesses(comparison(3, 2, 1))).toEqual({
    holds: true,
    detail:
      'episodes: 3 of both, 2 only of the new, 1 only of the old; the new one would suspend 2 subjects more and 1 less than 4',
  });
  expect(judgeExcesses(comparison(0, 0, 0)).holds).toBe(true);
});

test('a release that would suspend many more subjects than before is held back', () => {
  expect(judgeExcesses(comparison(0, 10, 0)).holds).toBe(true);
  expect(judgeExcesses(comparison(0, 11, 0)).holds).toBe(false);
  expect(judgeExcesses(comparison(11, 11, 0)).holds).toBe(true);
  expect(judgeExcesses(comparison(5, 11, 5)).holds).toBe(false);
});
