import { resolve } from 'node:path';
import { runSpillway } from '../run-spillway';

const definitions = ['--definitions', resolve(__dirname, '../../../flink-sql')];

test('render prints the SQL that would run, with the environment’s and the given values', async () => {
  const { exitCode, stdout, stderr } = await runSpillway([
    ...['render', 'throttle', '--set', 'window=1m', '--set', 'limit=7'],
    ...definitions,
  ]);
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(
    /^-- throttle in local\n\n-- tables\/shared-heat\.sql:7\nCREATE TEMPORARY FUNCTION SHARED_HEAT /,
  );
  expect(stdout).toContain("'stream.arn' = 'arn:aws:kinesis:us-east-1:000000000000:stream/spillway-usage'");
  expect(stdout).toContain("`window` => INTERVAL '01:00' MINUTE TO SECOND");
  expect(stdout).toContain('[resource], 7) AS unit_limit');
});

test('render --json prints one document with a schema version', async () => {
  const { exitCode, stdout } = await runSpillway(['render', '--json', ...definitions]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    command: 'render',
    environment: 'local',
    applications: [{ application: 'throttle', parameters: { window: '2m' } }],
  });
});
