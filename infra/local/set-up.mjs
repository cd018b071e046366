/**
 * Gets this machine ready for `npm run demo`, `npm run local` and `npm test`: npm packages, Flink, DynamoDB Local,
 * Redis, Trino, and Spillway's own Java modules, all into the ignored folder `.spillway/`. Uses plain Node, since it runs
 * before any package is installed. What is done already is not done again, and then nothing is printed.
 */
import { join } from 'node:path';
import { flinkPlanner, runnerJar } from './set-up/flink-runner.mjs';
import { release, withLock } from './set-up/lock.mjs';
import { dynamoDbLocal, flinkLibraries, trino } from './set-up/maven-artifacts.mjs';
import { npmPackages } from './set-up/npm-packages.mjs';
import { checkPrerequisites } from './set-up/prerequisites.mjs';
import { redis } from './set-up/redis-binary.mjs';
import { stopTools } from './set-up/run-tool.mjs';
import { SetUpError, say, workFolder } from './set-up/work-folder.mjs';

const steps = [npmPackages, redis, dynamoDbLocal, flinkLibraries, flinkPlanner, runnerJar, trino];
const lockFolder = join(workFolder, 'set-up.lock');
// The first set-up on a slow line takes minutes; one that takes longer than this hangs.
const PATIENCE_MS = 30 * 60_000;

async function setUp() {
  checkPrerequisites();
  if (steps.every((step) => step.isDone())) return;
  await withLock(lockFolder, PATIENCE_MS, async () => {
    for (const step of steps) {
      // Asked again inside the lock: another set-up may have done it meanwhile.
      if (step.isDone()) continue;
      const startedAt = Date.now();
      say(`${step.what} …`);
      await step.run();
      say(`${step.what}: ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    }
  });
}

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.once(signal, () => {
    say('interrupted');
    stopTools();
    release(lockFolder);
    process.exit(exitCode);
  });
}

try {
  await setUp();
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
