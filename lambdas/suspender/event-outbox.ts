import { parseRecord } from '../contracts/parse';
import { type SuspensionEvent, suspensionEvent } from '../contracts/suspension-event';
import type { Log } from '../delivery/log';
import type { SuspensionControl } from './control';
import type { NotificationQueue } from './notification-queue';
import type { RedisClient } from './redis';
import type { StoreKeys } from './store-keys';

const mostPerRound = 100;
const mostRounds = 50;

/**
 * Carries the events that the scripts left in Redis to `control` and to the queue of notifications, the oldest first,
 * and removes them when they are there. Several may do it at once, and one that breaks off is gone on with by the next:
 * an event that is carried twice is the same item in `control`, and has the same id for the notifier. Answers how many
 * it carried. Throws what Redis, the table and the queue throw.
 */
export async function carryEvents(
  redis: RedisClient,
  keys: StoreKeys,
  control: SuspensionControl,
  notifications: NotificationQueue,
  log: Log,
): Promise<number> {
  let carried = 0;
  for (let round = 0; round < mostRounds; round++) {
    const texts = await redis.zrange(keys.outbox, '0', String(mostPerRound - 1));
    if (texts.length === 0) break;
    const events = texts.flatMap((text) => readEvent(text, log));
    await control.writeEvents(events);
    await notifications.send(events);
    await redis.zrem(keys.outbox, ...texts);
    carried += texts.length;
  }
  return carried;
}

function readEvent(text: string, log: Log): SuspensionEvent[] {
  const parsed = parseRecord(suspensionEvent, text);
  if (parsed.ok) return [parsed.value];
  log({
    level: 'error',
    event: 'event-unreadable',
    message: `A line of the log of decisions cannot be read (${parsed.reason}) and is given up: ${text.slice(0, 1_000)}`,
  });
  return [];
}
