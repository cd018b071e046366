import type { Log } from '../../../lambdas/delivery/log';
import { type Handler, invoke } from './invoke';
import { errorText, pause } from './pause';

const timeoutSeconds = 60;

/**
 * Invokes a function with the same event again and again, as an EventBridge schedule does; a failure is logged, and the
 * next time comes all the same.
 */
export function startSchedule(
  handler: Handler<unknown>,
  event: object,
  everyMs: number,
  log: Log,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await invoke(handler, JSON.stringify(event), timeoutSeconds);
      } catch (cause) {
        log({
          level: 'error',
          event: 'schedule-failed',
          message: `A scheduled function failed: ${errorText(cause)}`,
        });
      }
      await pause(everyMs, stopping.signal);
    }
  };
  const ran = run();
  return {
    stop: () => {
      stopping.abort();
      return ran;
    },
  };
}
