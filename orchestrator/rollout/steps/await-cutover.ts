import type { Step } from '../../plan/plan';
import { readFinishedUntil } from '../../service/flink-progress';
import { UserFault } from '../../user-fault';
import { achieve } from '../achieve';
import type { Under } from '../rolling';
import { switchedAt } from './generations';

/** Waits until both jobs have finished the second of the switch: from then on the old one has nothing to say. */
export async function awaitCutover(step: Step & { kind: 'await-cutover' }, under: Under): Promise<void> {
  const cutover = await switchedAt(under);
  if (cutover === undefined) throw new UserFault('the switch was never written down: plan again');
  for (const application of [step.old, step.new]) {
    await achieve(under, {
      what: `${application} to finish the cutover's second`,
      limitSeconds: step.limitSeconds,
      look: async () => {
        const observed = await under.flink.describe(application);
        if (observed?.status !== 'RUNNING') {
          throw new UserFault(`${application} is ${observed?.status ?? 'gone'} before the cutover`);
        }
        const second = await readFinishedUntil(await under.flink.flinkPage(application));
        if (second !== undefined && second >= cutover) return { state: 'done', value: undefined };
        const missing = second === undefined ? 'it has no watermark' : `${cutover - second} s are missing`;
        return { state: 'busy', missing };
      },
      act: () => Promise.resolve(),
    });
  }
}
