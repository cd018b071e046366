/**
 * An entry script for tests: a run with one server that has a child of its own. It prints one JSON line with the
 * processes and stays up. Its second argument says what the server is like: `ready`, `never-ready`, or `stubborn`, which
 * ignores SIGTERM.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stopOnSignals } from '../../../../infra/local/processes/interruption';
import { Run } from '../../../../infra/local/processes/run';

const [id = '', kind = ''] = process.argv.slice(2);
const interruption = stopOnSignals((line) => process.stderr.write(`${line}\n`));
const run = new Run(id, () => undefined);
interruption.beforeExit('the run', () => run.stop());

const server = `
  const { spawn } = require('node:child_process');
  const { writeFileSync } = require('node:fs');
  if (${kind === 'stubborn'}) process.on('SIGTERM', () => undefined);
  setInterval(() => undefined, 1000);
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  writeFileSync('child.pid', String(child.pid));
`;
const childFile = join(run.folderOf('idle'), 'child.pid');

async function main(): Promise<void> {
  const starting = run.start({
    name: 'Idle',
    id: 'idle',
    command: process.execPath,
    args: ['-e', server],
    isReady: () => {
      if (!existsSync(childFile) || readFileSync(childFile, 'utf8') === '') return Promise.resolve(false);
      if (kind === 'never-ready') announce();
      return Promise.resolve(kind !== 'never-ready');
    },
    readyWithinMs: 60_000,
  });
  await starting;
  announce();
}

let announced = false;
function announce(): void {
  if (announced) return;
  announced = true;
  const child = Number(readFileSync(childFile, 'utf8'));
  process.stdout.write(`${JSON.stringify([...run.processIds, child])}\n`);
}

main().catch((error: unknown) => {
  // An interrupted start is no failure: whoever interrupted it ends this process.
  if (!interruption.signal.aborted) throw error;
});
