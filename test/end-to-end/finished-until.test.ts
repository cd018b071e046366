import type { UsageRecord } from '../../lambdas/contracts/usage-record';
import { managedFlink } from '../../orchestrator/service/managed-flink';
import { readFinishedUntil } from '../../orchestrator/service/flink-progress';
import { eventually } from '../parts/eventually';
import { warmSystem } from '../parts/warm-system';
import { putUsage } from './put-usage';
import { startThrottle, type Throttle } from './throttle';

// What a replay's cutover rests on: the second that the throttle application tells it has finished.
let throttle: Throttle;

beforeAll(async () => {
  throttle = await startThrottle(warmSystem(), 'finished', { delay: '2s', silence: '4s' });
});

afterAll(() => throttle.stop());

test('what it says to have finished lies behind the newest usage by the delay, and follows the clock in silence', async () => {
  const flink = managedFlink('us-east-1', throttle.environment);
  const finished = async (): Promise<number> =>
    (await readFinishedUntil(await flink.flinkPage(throttle.applicationName))) ?? 0;
  const second = Math.floor(Date.now() / 1_000);
  const entry = { resource: 'users', key: 'S:k', subject: 'app', units: 5, writes: 1 };
  const record: UsageRecord = {
    ...{ version: 1, source: 'users', batch: 'one', part: 0, second },
    entries: [entry],
  };
  await putUsage(throttle.clients, throttle.resources, [record]);
  // Nothing follows: the seconds after it are over once the streams have been silent.
  let seen = 0;
  await eventually(
    'the second of the usage to be finished',
    async () => {
      seen = await finished();
      expect(seen).toBeLessThanOrEqual(Math.floor(Date.now() / 1_000) - 2);
      return seen > second;
    },
    60_000,
  );
  flink.close();
});
