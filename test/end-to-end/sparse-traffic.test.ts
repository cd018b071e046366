import { setTimeout as wait } from 'node:timers/promises';
import { readStream } from '../../infra/local/demo/stream-reader';
import { type Excess, excess } from '../../lambdas/contracts/excess';
import { setAside } from '../../lambdas/contracts/set-aside';
import type { UsageRecord } from '../../lambdas/contracts/usage-record';
import { warmSystem } from '../parts/warm-system';
import { putUsage } from './put-usage';
import { startThrottle, type Throttle } from './throttle';
import { until } from './until';

const nowSecond = (): number => Math.floor(Date.now() / 1_000);

/** A usage record of this second, over the limit. */
function usageOf(subject: string): UsageRecord {
  const entry = { resource: 'users', key: 'S:k', subject, units: 5, writes: 1 };
  return { version: 1, source: 'users', batch: subject, part: 0, second: nowSecond(), entries: [entry] };
}

/**
 * One usage record a second on two shards and two reading tasks: each task is idle most of the time and comes back
 * with one record. Whoever lets time run ahead while a task is idle loses that record.
 */
describe('sparse traffic on tasks that are idle most of the time', () => {
  const seconds = process.env['SPILLWAY_FULL'] === '1' ? 90 : 15;
  const found: Excess[] = [];
  const aside: string[] = [];
  const reading = new AbortController();
  const readers: Promise<void>[] = [];
  let throttle: Throttle;

  beforeAll(async () => {
    const parameters = { window: '1s', limit: '1', delay: '3s', silence: '4s' };
    throttle = await startThrottle(warmSystem(), 'sparse', parameters, async (clients, resources) => {
      // On both shards something came before the second at which the job begins to read.
      const before = Array.from({ length: 8 }, (_, at) => usageOf(`before_${at}`));
      await putUsage(clients, resources, before);
      const written = nowSecond();
      await until(() => nowSecond() > written, 'the next second');
      const startAt = nowSecond();
      await putUsage(clients, resources, [usageOf('from_then_on')]);
      return { start: 'AT_TIMESTAMP', start_at: startAt };
    });
    const { kinesis } = throttle.clients;
    const { excessStream, setAsideStream } = throttle.resources;
    readers.push(readStream(kinesis, excessStream, excess, (record) => found.push(record), reading.signal));
    readers.push(
      readStream(kinesis, setAsideStream, setAside, ({ detail }) => aside.push(detail), reading.signal),
    );
  });
  afterAll(async () => {
    reading.abort();
    // A reader that failed on the way fails the test here: what it did not see was compared with nothing.
    await Promise.all(readers);
    await throttle.stop();
  });

  it('a job that starts AT_TIMESTAMP reads what arrived from start_at on', async () => {
    await until(() => found.length + aside.length >= 2, 'two excesses', 30_000).catch(() => undefined);
    expect(aside).toEqual([]);
    expect(found.map(({ subject }) => subject)).toEqual(['from_then_on', 'from_then_on']);
    found.length = 0;
  });

  it('every record counts, and the last ones are judged though nothing follows', async () => {
    const sent: string[] = [];
    for (let i = 0; i < seconds; i += 1) {
      const subject = `app_${i}`;
      await putUsage(throttle.clients, throttle.resources, [usageOf(subject)]);
      sent.push(subject);
      await wait(1_000);
    }
    // Each is stated at once, and again when its second is closed.
    const all = 2 * seconds;
    await until(() => found.length + aside.length >= all, `${all} excesses`, 30_000).catch(() => undefined);
    expect(aside).toEqual([]);
    expect(found.map(({ subject }) => subject).sort()).toEqual([...sent, ...sent].sort());
  });
});
