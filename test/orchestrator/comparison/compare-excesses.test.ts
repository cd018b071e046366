import type { Excess } from '../../../lambdas/contracts/excess';
import { compareExcesses, type Comparison } from '../../../orchestrator/comparison/compare-excesses';
import { excessOf } from '../rollout/excesses';

const T = 1_790_000_000;
const span = { from: T, until: T + 1_000 };
const at = (subject: string, second: number, changes: Partial<Excess> = {}): Excess =>
  excessOf(subject, { windowEnd: T + second, ...changes });
const compare = (old: Excess[], new_: Excess[]): Comparison => compareExcesses(old, new_, span);

test('the same excesses are the same episodes', () => {
  const said = [at('app_1', 10), at('app_1', 60), at('app_2', 20)];
  expect(compare(said, [...said].reverse())).toMatchObject({
    episodes: [
      {
        subject: 'app_1',
        outcome: 'both',
        laterSeconds: 0,
        old: { first: T + 10, last: T + 60, excesses: 2 },
      },
      { subject: 'app_2', outcome: 'both', laterSeconds: 0 },
    ],
    found: [],
    released: [],
  });
});

test('whom only the new one names is found, whom only the old one names is released', () => {
  const comparison = compare([at('app_1', 10), at('app_2', 10)], [at('app_2', 10), at('app_3', 10)]);
  expect(comparison).toMatchObject({ found: ['app_3'], released: ['app_1'] });
  expect(comparison.episodes.map(({ subject, outcome }) => [subject, outcome])).toEqual([
    ['app_1', 'released'],
    ['app_2', 'both'],
    ['app_3', 'found'],
  ]);
});

test.each([
  ['earlier', 50, 38, -12],
  ['later', 38, 50, 12],
])('one that begins %s is told by how much', (_, old, new_, laterSeconds) => {
  expect(compare([at('app_1', old)], [at('app_1', new_)]).episodes).toMatchObject([
    { outcome: 'both', laterSeconds },
  ]);
});

test('a gap as long as the window is one episode, a longer one is two', () => {
  expect(compare([at('app_1', 0), at('app_1', 120)], []).episodes).toHaveLength(1);
  expect(compare([at('app_1', 0), at('app_1', 121)], []).episodes).toHaveLength(2);
});

test('of two windows the longer one says what is one episode', () => {
  const long = (second: number): Excess => at('app_1', second, { windowStart: T + second - 300 });
  const { episodes, found, released } = compare([at('app_1', 0), at('app_1', 200)], [long(10), long(250)]);
  expect(episodes).toMatchObject([{ outcome: 'both', laterSeconds: 10, old: { last: T + 200 } }]);
  expect([found, released]).toEqual([[], []]);
});

test('an episode of a subject that was seen at another time is found, and its subject is not', () => {
  const { episodes, found } = compare([at('app_1', 0)], [at('app_1', 0), at('app_1', 500)]);
  expect(episodes.map(({ outcome }) => outcome)).toEqual(['both', 'found']);
  expect(found).toEqual([]);
});

test('what lies outside the span is not looked at', () => {
  expect(compare([at('app_1', -1)], [at('app_2', 1_000)])).toEqual({ episodes: [], found: [], released: [] });
  expect(compare([at('app_1', 0)], [at('app_2', 999)]).episodes).toHaveLength(2);
});

test('a second that was spoken of twice counts once, with the most that was said', () => {
  const early = at('app_1', 10, { units: 60_001 });
  expect(compare([early, at('app_1', 10, { units: 61_000 })], []).episodes).toMatchObject([
    { old: { excesses: 1, units: 61_000 } },
  ]);
});

test('detections, resources and keys are apart; nobody is found by a detection that only tells', () => {
  const told = at('app_1', 10, { detection: 'shared-key', action: 'notify' });
  const { episodes, found } = compare(
    [],
    [
      at('app_1', 10, { key: 'S:k2', resource: 'users/by_email' }),
      told,
      at('', 10),
      { ...told, subject: 'app_9' },
    ],
  );
  expect(episodes).toHaveLength(4);
  expect(found).toEqual(['app_1']);
});
