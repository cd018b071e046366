import { Releases } from './releases';
import { restoreStreams } from './restored-streams';
import { type Restored, restoreAll, sameRows } from './restored';
import {
  allTogether,
  planSituations,
  setSituations,
  type Situation,
  settingSituations,
  together,
} from './situations';

// Each rule's word against a savepoint: the state of the old release in the new one, and what comes out, beside what
// comes out of the new one had it always run. Rows of long before the savepoint have been purged at the end.
const isFull = process.env['SPILLWAY_FULL'] === '1';
const inQuick = ['watermark', 'function-uid', 'detection-added', 'state-ttl-longer', 'capacity'];
const situations = [...planSituations, ...setSituations, ...settingSituations].filter(
  ({ code }) => isFull || inQuick.includes(code),
);
const all = allTogether();
const releases = new Releases({
  'all-deployed': all.deployed,
  'all-wanted': all.wanted,
  ...Object.fromEntries(
    situations.flatMap(({ deployed, wanted }, index) => [
      [`deployed-${index}`, deployed],
      [`wanted-${index}`, wanted],
    ]),
  ),
});
let restoredTogether: Restored | undefined;
let restoredAlone: readonly Restored[];

beforeAll(async () => {
  [restoredTogether, ...restoredAlone] = await restoreAll(releases.root, [
    { deployed: 'all-deployed', wanted: 'all-wanted' },
    ...situations.map(({ parallelism, shows }, index) => ({
      ...{ deployed: `deployed-${index}`, wanted: `wanted-${index}`, parallelism },
      isRefused: typeof shows !== 'string',
    })),
  ]);
}, 600_000);

afterAll(() => releases.remove());

test.each(Object.entries(together))('%s', (name, { shows }) => {
  const { came, right } = restoredTogether ?? { came: { error: 'nothing ran' }, right: {} };
  if ('error' in came) throw new Error(String(came.error));
  expect(right['excess']?.filter((row) => row['detection'] === name).length).toBeGreaterThan(5);
  expect(sameRows(came, right, name) ? 'right' : 'wrong').toBe(shows);
});

test.each(situations.map((each, index): [string, Situation, number] => [each.name, each, index]))(
  '%s',
  (_, { shows }, index) => {
    const { came, right } = restoredAlone[index] ?? { came: { error: 'nothing ran' }, right: {} };
    const isRefused = typeof came['error'] === 'string';
    if (typeof shows !== 'string') expect(came['error']).toMatch(shows);
    else if (isRefused) throw new Error(String(came['error']));
    else expect(sameRows(came as Record<string, []>, right) ? 'right' : 'wrong').toBe(shows);
  },
);

// It takes as long as all the others, and needs the local system.
if (isFull) {
  test('another start and another sink go on with the state, another stream to read does not', async () => {
    const { before, after, anotherSource } = await restoreStreams();
    expect({ before, after }).toEqual({ before: [1, 3, 7], after: [15, 31] });
    expect(anotherSource).not.toBe('right');
  }, 300_000);
}
