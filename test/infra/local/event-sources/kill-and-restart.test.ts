import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../../../../infra/local/processes/work-folder';
import { kinesisUnderTest } from './kinesis-under-test';
import { serverEnvironment } from './servers';
import { until } from './until';

const kinesis = kinesisUnderTest();
let folder: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'source-process-'));
});

afterEach(async () => {
  await kill();
  rmSync(folder, { recursive: true });
});

function startProcess(hangsAt: string): void {
  const typescript = join(repositoryRoot, 'infra', 'local', 'typescript.js');
  const main = join(__dirname, 'source-process.ts');
  child = spawn(process.execPath, ['-r', typescript, main, folder, kinesis.stream().arn, hangsAt], {
    cwd: repositoryRoot,
    env: { ...process.env, ...serverEnvironment() },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

async function kill(): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** What the function was called with, and whether the calls got through. */
function calls(): (readonly [what: string, texts: string])[] {
  const path = join(folder, 'calls.log');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const [what = '', ...texts] = JSON.parse(line) as string[];
    return [what, texts.join(' ')];
  });
}

const began = (texts: string): boolean => calls().some((call) => call.join() === `began,${texts}`);

test('a source that is killed in the middle of a batch delivers it again, and then the rest: nothing is lost', async () => {
  const texts = Array.from({ length: 30 }, (_, index) => String(index));
  await kinesis.put(...texts);
  startProcess('12');
  await until('the third batch is under way', () => began('10 11 12 13 14'), calls);
  await kill();
  startProcess('22');
  await until('the fifth batch is under way', () => began('20 21 22 23 24'), calls);
  await kill();
  startProcess('never');
  await until('the last batch is through', () => calls().at(-1)?.join() === 'through,25 26 27 28 29', calls);
  const batch = (first: number): string => texts.slice(first, first + 5).join(' ');
  expect(calls()).toEqual([
    ['began', batch(0)],
    ['through', batch(0)],
    ['began', batch(5)],
    ['through', batch(5)],
    ['began', batch(10)],
    ['began', batch(10)],
    ['through', batch(10)],
    ['began', batch(15)],
    ['through', batch(15)],
    ['began', batch(20)],
    ['began', batch(20)],
    ['through', batch(20)],
    ['began', batch(25)],
    ['through', batch(25)],
  ]);
});
