import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetUpError, logFile, root } from './work-folder.mjs';

/** The tool's place on the PATH, or undefined. */
export function findOnPath(tool) {
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter((entry) => entry !== '')) {
    const path = join(folder, tool);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder of the PATH: look in the next.
    }
  }
  return undefined;
}

const running = new Set();

/** Ends the tools that still run, when set-up itself is told to end. */
export function stopTools() {
  for (const child of running) child.kill('SIGTERM');
}

/**
 * Runs a tool with everything it prints in `<work folder>/set-up/<step>.log`.
 * Throws a SetUpError with `failure`, the first error line of the log and the log's path when it does not exit with 0.
 */
export async function runTool(step, tool, args, failure) {
  const log = logFile(step);
  const output = openSync(log, 'w');
  try {
    const ended = await new Promise((resolve, reject) => {
      const child = spawn(tool, args, {
        cwd: root,
        stdio: ['ignore', output, output],
        env: { ...process.env, CI: 'true' },
      });
      running.add(child);
      child.on('error', reject);
      child.on('close', (code, signal) => {
        running.delete(child);
        resolve(code ?? signal);
      });
    });
    if (ended === 0) return;
    throw new SetUpError(`${failure} (${tool} ended with ${ended}${firstError(log)}); log: ${log}`);
  } finally {
    closeSync(output);
  }
}

/** The first line that says what went wrong; npm puts its own code and empty lines before it. */
function firstError(log) {
  const line = readFileSync(log, 'utf8')
    .split('\n')
    .find((text) => /\[ERROR\]|npm error|error:/i.test(text) && !/^npm error( code \S+)?\s*$/.test(text));
  return line === undefined ? '' : `: ${line.trim().slice(0, 300)}`;
}

/** Maven without colours, prompts or progress bars, with its repository in the work folder. */
export async function runMaven(step, args, failure) {
  const repository = join(root, '.spillway', 'm2');
  await runTool(
    step,
    'mvn',
    ['-B', '-ntp', '-Dstyle.color=never', `-Dmaven.repo.local=${repository}`, ...args],
    failure,
  );
}
