import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Knows which process groups must not outlive this process (see reaper-process.mjs). */
export interface Reaper {
  readonly pid: number;
  watch(groupId: number): void;
  forget(groupId: number): void;
  /** Lets the reaper end; it kills what it still watches. */
  close(): Promise<void>;
}

/** Starts the one reaper of a local system. */
export function startReaper(): Reaper {
  const child = spawn(process.execPath, [join(__dirname, 'reaper-process.mjs')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { SPILLWAY_TEST_RUN: process.env['SPILLWAY_TEST_RUN'] ?? '' },
  });
  const { pid } = child;
  if (pid === undefined) {
    // Without its reaper a system could leave processes behind: do not start one.
    throw new Error(`cannot start ${process.execPath}: are there too many processes on this machine?`);
  }
  child.unref();
  // A reaper that was killed by someone cannot be told anything; what it watched is stopped by this process alone.
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'exit');
  return {
    pid,
    watch: (groupId) => void child.stdin.write(`+${groupId}\n`),
    forget: (groupId) => void child.stdin.write(`-${groupId}\n`),
    async close() {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
