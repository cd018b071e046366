import { setTimeout as wait } from 'node:timers/promises';
import { readStream } from '../../infra/local/demo/stream-reader';
import { type Excess, excess } from '../../lambdas/contracts/excess';
import { setAside } from '../../lambdas/contracts/set-aside';
import { warmSystem } from '../parts/warm-system';
import { putUsage } from './put-usage';
import { startThrottle, type Throttle } from './throttle';
import { until } from './until';

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
    throttle = await startThrottle(warmSystem(), 'sparse', {
      window: '1s',
      limit: '1',
      delay: '3s',
      silence: '4s',
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

  it('every record counts, and the last ones are judged though nothing follows', async () => {
    const sent: string[] = [];
    for (let i = 0; i < seconds; i += 1) {
      const subject = `app_${i}`;
      const second = Math.floor(Date.now() / 1_000);
      const entry = { resource: 'users', key: 'S:k', subject, units: 5, writes: 1 };
      await putUsage(throttle.clients, throttle.resources, [
        { version: 1, source: 'users', batch: subject, part: 0, second, entries: [entry] },
      ]);
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
