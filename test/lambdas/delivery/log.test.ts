import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

/** Runs one line of a program in a process of its own, as Lambda does; answers with what it wrote. */
function output(program: string): { out: string[]; error: string[] } {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', join(root, 'infra/local/typescript.js'), '-e', program],
    { cwd: root, encoding: 'utf8' },
  );
  const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
  return { out: lines(stdout), error: lines(stderr) };
}

test('a line of the log is one line of JSON with its event, trace id and level, and a metric one as it is', () => {
  const { out, error } = output(
    "const { functionLog } = require('./lambdas/delivery/log');" +
      "const { emitToOutput } = require('./lambdas/delivery/metrics');" +
      "functionLog('alerter')({ level: 'info', event: 'requested', message: 'm', traceId: 't', units: 3 });" +
      'emitToOutput(\'{"a":1}\');',
  );
  expect(error).toEqual([]);
  expect(out.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({
      ...{ level: 'INFO', service: 'alerter', event: 'requested', message: 'm', traceId: 't', units: 3 },
      timestamp: expect.any(String) as string,
    }),
    { a: 1 },
  ]);
});
