import type { Log } from '../../../lambdas/delivery/log';
import { type Handler, invoke } from './invoke';
import { errorText, pause } from './pause';

const timeoutSeconds = 60;
const triesOfAnEvent = 3;

/**
 * Invokes a function with the same event again and again, as an EventBridge schedule does. Lambda tries such an invocation
 * two more times before it gives the event up; here the next times are these tries, since the events are the same.
 */
export function startSchedule(
  handler: Handler<unknown>,
  event: object,
  everyMs: number,
  log: Log,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let failures = 0;
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await invoke(handler, JSON.stringify(event), timeoutSeconds);
        failures = 0;
      } catch (cause) {
        failures++;
        const level = failures < triesOfAnEvent ? 'warn' : 'error';
        log({ level, event: 'schedule-failed', message: `A scheduled function failed: ${errorText(cause)}` });
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
