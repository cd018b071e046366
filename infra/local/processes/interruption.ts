/** What an entry script does about Ctrl-C. */
export interface Interruption {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
  /** Called at the first signal; what was registered last is stopped first, one after the other. */
  beforeExit(what: string, stop: () => Promise<void>): void;
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * One Ctrl-C arrives twice: from the terminal, which tells the whole process group, and from npm, which hands on what it
 * got. Nobody presses it again this fast.
 */
const SAME_PRESS_MS = 300;

/**
 * Makes SIGINT, SIGTERM and SIGHUP stop what was registered, in order, with a line on `log`, and then end the process
 * with the signal's exit code. A signal after that ends it at once: the reaper kills what still runs.
 */
export function stopOnSignals(log: (line: string) => void): Interruption {
  const controller = new AbortController();
  let firstAtMs = 0;
  const stops: { what: string; stop: () => Promise<void> }[] = [];
  const stopAll = async (): Promise<void> => {
    for (const { what, stop } of [...stops].reverse()) {
      try {
        await stop();
      } catch (error) {
        log(`${what} did not stop in order: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  for (const [signal, exitCode] of Object.entries(EXIT_CODES)) {
    process.on(signal, () => {
      if (controller.signal.aborted) {
        if (performance.now() - firstAtMs > SAME_PRESS_MS) process.exit(exitCode);
        return;
      }
      firstAtMs = performance.now();
      log(`${signal}: stopping everything (once more ends it at once)`);
      controller.abort(new Error(`interrupted by ${signal}`));
      void stopAll().finally(() => process.exit(exitCode));
    });
  }
  return {
    signal: controller.signal,
    beforeExit: (what, stop) => void stops.push({ what, stop }),
  };
}
