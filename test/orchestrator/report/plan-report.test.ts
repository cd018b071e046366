import { Writable } from 'node:stream';
import { paintFor, plainly } from '../../../orchestrator/report/paint';
import { planText } from '../../../orchestrator/report/plan-report';
import { sqlDiff } from '../../../orchestrator/report/sql-diff';
import { application, files, planned, windowVerdict } from '../plan/world';

const from = 'SELECT\n    1\nFROM a;\n';
const plan = planned({
  set: { window: '5m' },
  verdicts: [windowVerdict],
  wanted: { sql: from.replace('1', '2') },
  observed: { deployed: { files, sql: from, changedCode: [] } },
});

const expected = `heat (prod) has release aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa as version 7, generation 3, RUNNING

parameters  runs  wanted
  window    2m    5m
  2 others as they are

changes
  parameter window  2m -> 5m  incompatible [over-longer]
    why   rows that the longer frame needs are gone
    back  set it to 2m again and apply

SQL
--- runs
+++ wanted
@@ -1,3 +1,3 @@
 SELECT
-    1
+    2
 FROM a;

rollout replay
  how     state is dropped and the window read again, so that nothing is missed
  pause   about 263 s at most without an answer
  replay  425 s of usage are read again
  money   nothing beside what runs
  or      handover: a second application warms up beside the first and takes over at one second (--rollout handover)
  undo    spillway rollback heat --env prod

steps
  1  read up to which second the running job has finished
  2  write generation 4 down
  3  stop the running job with a snapshot
  4  change the settings of what is stopped
  5  start with an empty state
  6  wait until it is healthy, at most 625 s

who that would have found: spillway backtest heat --env prod --since 7d --against window=2m --set window=5m

next: spillway apply heat
`;

test('a plan shows what differs, how it is brought in and what comes next', () => {
  expect(
    planText({ ...plan, sql: { from, to: from.replace('1', '2') } }, 'spillway apply heat', plainly),
  ).toBe(expected);
});

test('where nothing differs it says so', () => {
  expect(planText(planned(), 'x', plainly)).toContain('nothing to do: it runs as its files say');
});

test('notices come first', () => {
  const stopped = planned({ observed: { live: application({ status: 'READY' }) } });
  expect(planText(stopped, 'x', plainly).split('\n')[2]).toBe(
    '! it does not run (READY) [application-stopped]',
  );
});

test('colours only on a terminal, and not where NO_COLOR is set', () => {
  const terminal = Object.assign(new Writable(), { isTTY: true });
  const diff = (stream: Writable, env: Record<string, string>): string =>
    sqlDiff('a\n', 'b\n', paintFor(stream, env));
  expect(diff(terminal, {})).toContain('\u001b[31m-a');
  expect(diff(terminal, { NO_COLOR: '1' })).toContain('\n-a\n+b\n');
  expect(diff(new Writable(), {})).toContain('\n-a\n+b\n');
});
