import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Reaper } from './reaper';

/** A program to start. It sees only the environment given here and where to find programs. */
export interface ProcessSpec {
  /** What people call it, in messages: `Kinesis`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Receives everything it prints. */
  readonly logFile: string;
}

/** A running program in a process group of its own. */
export interface LocalProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** How it ended (`exit code 1`, `signal SIGKILL`), or undefined while it runs. */
  endedWith(): string | undefined;
  /** Asks its group to end, and kills what is left after a bound. Does nothing when it has ended. */
  stop(): Promise<void>;
}

const KILL_AFTER_MS = 5_000;
const INHERITED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'JAVA_HOME', 'LD_LIBRARY_PATH', 'SPILLWAY_TEST_RUN'];

/**
 * Starts a program in its own process group, watched by the reaper. `onUnexpectedEnd` is called when it ends without
 * having been stopped. Throws when the program cannot be started at all.
 */
export async function startProcess(
  spec: ProcessSpec,
  reaper: Reaper,
  onUnexpectedEnd: (how: string) => void,
): Promise<LocalProcess> {
  const output = openSync(spec.logFile, 'w');
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: { ...inherited(), ...spec.env },
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const { pid } = child;
  if (pid === undefined) {
    const [cause] = (await once(child, 'error')) as [Error];
    throw new Error(`${spec.name} cannot be started: ${cause.message}; run \`npm run set-up\``, { cause });
  }
  reaper.watch(pid);

  let ended: string | undefined;
  let stopping = false;
  const end = once(child, 'exit').then(([code, signal]: (number | string | null)[]) => {
    ended = code === null ? `signal ${String(signal)}` : `exit code ${String(code)}`;
    // A program's own children go with it.
    signalGroup(pid, 'SIGKILL');
    reaper.forget(pid);
    if (!stopping) onUnexpectedEnd(ended);
  });
  return {
    name: spec.name,
    pid,
    logFile: spec.logFile,
    endedWith: () => ended,
    async stop() {
      stopping = true;
      if (hasEnded(child)) return end;
      signalGroup(pid, 'SIGTERM');
      const kill = setTimeout(() => signalGroup(pid, 'SIGKILL'), KILL_AFTER_MS);
      await end;
      clearTimeout(kill);
    },
  };
}

/** The last lines of a log, for a message about why its program did not start. */
export function lastLines(logFile: string, count: number): string {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n');
  return lines
    .slice(-count)
    .map((line) => `  | ${line.slice(0, 300)}`)
    .join('\n');
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-groupId, signal);
  } catch (error) {
    // No such group: it is gone already, which is what was asked for.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
