import { setTimeout as wait } from 'node:timers/promises';

/** Waits, but not longer than until the signal: whoever pauses looks at the signal afterwards. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(Math.max(0, ms), undefined, { signal });
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
}

/** Milliseconds to wait after a number of failures in a row: doubled each time, up to a bound. */
export function backoffMs(failures: number, firstMs: number, longestMs: number): number {
  return Math.min(firstMs * 2 ** Math.min(failures - 1, 30), longestMs);
}

/** An error as one line. */
export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
