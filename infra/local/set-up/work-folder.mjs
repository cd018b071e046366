import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, whatever the working directory is. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** The ignored folder that holds everything written at set-up and at run time. */
export const workFolder = join(root, '.spillway');

/** Where each step of set-up writes what its tools print. */
export function logFile(step) {
  const folder = join(workFolder, 'set-up');
  mkdirSync(folder, { recursive: true });
  return join(folder, `${step}.log`);
}

/** A failure of set-up that the user can do something about: printed as one line, without a stack trace. */
export class SetUpError extends Error {}

/** Progress goes to stderr, so that a command's stdout holds its result alone. */
export function say(line) {
  process.stderr.write(`set-up: ${line}\n`);
}
