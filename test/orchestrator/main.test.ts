import { join, resolve } from 'node:path';
import { runSpillway } from './run-spillway';

const definitions = ['--definitions', resolve(__dirname, '../../flink-sql')];

test('help is a result, with examples', async () => {
  const { exitCode, stdout } = await runSpillway(['apply', '--help']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('Examples:\n  spillway apply throttle --env local');
});

test('an unknown command fails with a message on stderr', async () => {
  const { exitCode, stdout, stderr } = await runSpillway(['aply']);
  expect(exitCode).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain("unknown command 'aply'");
});

test('validate prints one JSON document with a schema version', async () => {
  const { exitCode, stdout } = await runSpillway(['validate', 'throttle', '--json', ...definitions]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    valid: [{ application: 'throttle', parameters: { window: '2m' } }],
  });
});

test('an ill-typed value on the command line is a friendly error', async () => {
  const { exitCode, stderr } = await runSpillway(['apply', '--set', 'window=two', ...definitions]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('window is "two", but a duration is whole seconds, minutes or hours');
});

test('where nothing runs locally, the message says what to do', async () => {
  const nowhere = join(__dirname, 'no-such-file.json');
  const { exitCode, stderr } = await runSpillway(['status', '--local-state', nowhere, ...definitions]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('nothing runs locally: start it with `npm run local`');
});
