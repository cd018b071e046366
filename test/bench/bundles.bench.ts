import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { atMost, type BenchResult } from './bench';
import { type Bundle, bundle } from './bundles/bundle';

const names = ['estimator', 'alerter', 'suspender', 'operator', 'notifier'] as const;
const rounds = 15;
const run = promisify(execFile);

/** What is uploaded of each function, and how much longer than an empty one a fresh process takes to have it loaded. */
export async function bench(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bundles-'));
  try {
    const emptySource = join(folder, 'empty.ts');
    writeFileSync(emptySource, 'export const handler = (): Promise<void> => Promise.resolve();\n');
    const empty = await bundle('empty', emptySource, folder);
    const measured = [];
    for (const name of names) {
      process.stderr.write(`bundles: ${name} …\n`);
      const made = await bundle(name, `lambdas/${name}/handler.ts`, folder);
      measured.push({ ...sizes(made), ...(await start(made, empty)) });
    }
    return {
      bench: 'bundles',
      aims: measured.flatMap(({ name, zipBytes, startRatio }) => [
        atMost(`${name}: what is uploaded`, 1, zipBytes / 2 ** 20, 'MB'),
        atMost(`${name}: a fresh process until it is loaded`, 3, startRatio, '× an empty handler'),
      ]),
      details: { rounds, node: process.version, empty: sizes(empty), measured },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function sizes({ name, codeBytes, zipBytes }: Bundle): Omit<Bundle, 'file'> {
  return { name, codeBytes, zipBytes };
}

interface Start {
  /** Median of the rounds: whole process to whole process, in turns. */
  readonly startRatio: number;
  readonly startMs: number;
  readonly emptyMs: number;
}

async function start(made: Bundle, empty: Bundle): Promise<Start> {
  // The first of each brings the files into memory.
  await loadMs(made.file);
  await loadMs(empty.file);
  const pairs: Start[] = [];
  for (let round = 0; round < rounds; round++) {
    const startMs = await loadMs(made.file);
    const emptyMs = await loadMs(empty.file);
    pairs.push({ startMs, emptyMs, startRatio: startMs / emptyMs });
  }
  const middle = (of: keyof Start): number =>
    pairs.map((pair) => pair[of]).sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? NaN;
  return { startRatio: middle('startRatio'), startMs: middle('startMs'), emptyMs: middle('emptyMs') };
}

/** A process of its own that loads the file, with the options that the function has, and fails without a handler. */
async function loadMs(file: string): Promise<number> {
  const load = "if (typeof require(process.argv[1]).handler !== 'function') process.exit(1)";
  const startedMs = performance.now();
  await run(process.execPath, ['--enable-source-maps', '-e', load, file], { env: {} });
  return performance.now() - startedMs;
}
