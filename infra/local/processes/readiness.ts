import { setTimeout as pause } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { type LocalProcess, lastLines } from './local-process';

/** Another program took the port between the moment it was found free and the moment it was needed. */
export class AddressInUseError extends Error {}

const POLL_MS = 50;
const LINES_SHOWN = 12;
const IN_USE =
  /EADDRINUSE|Address already in use|BindException|Could not create server TCP listening socket/i;

/**
 * Polls until `isReady` says true; an error of `isReady` means not yet.
 * Throws when the process ends first, when `withinMs` have passed, or when the signal is aborted; the message carries
 * the last lines of the log and its path. Throws AddressInUseError when the log says so.
 */
export async function untilReady(
  process: LocalProcess,
  isReady: () => Promise<boolean>,
  withinMs: number,
  signal: AbortSignal,
): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  let lastError = '';
  for (;;) {
    signal.throwIfAborted();
    const ended = process.endedWith();
    if (ended !== undefined) throw failure(process, `ended with ${ended} before it was ready`);
    try {
      if (await isReady()) return;
    } catch (error) {
      lastError = error instanceof Error ? ` (${error.message})` : '';
    }
    if (Date.now() > giveUpAt) {
      throw failure(process, `was not ready after ${Math.round(withinMs / 1000)} s${lastError}`);
    }
    await pause(POLL_MS);
  }
}

/** Whether an HTTP server answers at the address, whatever it answers. */
export async function answersHttp(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await response.arrayBuffer();
  return true;
}

function failure(process: LocalProcess, what: string): Error {
  const message = `${process.name} ${what}; the end of ${process.logFile}:\n${lastLines(process.logFile, LINES_SHOWN)}`;
  return IN_USE.test(readFileSync(process.logFile, 'utf8'))
    ? new AddressInUseError(message)
    : new Error(message);
}
