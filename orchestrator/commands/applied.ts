import type { ApplyOutcome } from '../report/apply-report';
import { passGates } from '../rollout/steps/gates';
import { liveName, type RolloutOutcome } from '../rollout/perform-plan';
import type { Rolling } from '../rollout/rolling';
import { readJobHealth } from '../service/flink-job';
import { UserFault } from '../user-fault';

/** What an apply came to. */
export type Applied = ApplyOutcome;

/** Besides the wait for a checkpoint, which may be due twice its interval later. */
const HEALTHY_SECONDS = 180;

/** Looks at what runs after a rollout. Where nothing was to do, it has to be healthy all the same. */
export async function applied(
  { plan, outcome, reason }: RolloutOutcome,
  rolling: Rolling,
  tookSeconds: number,
): Promise<Applied> {
  const name = await liveName(plan, rolling);
  const observed = await rolling.flink.describe(name);
  const runs = observed?.status === 'RUNNING';
  const limitSeconds = HEALTHY_SECONDS + 2 * (observed?.checkpointIntervalSeconds ?? 0);
  const job =
    runs && plan.steps.length === 0
      ? await passGates({ application: name, limitSeconds, isNew: false }, rolling)
      : runs
        ? await healthOf(name, rolling)
        : undefined;
  return { plan, outcome, reason, serviceName: name, observed, job, tookSeconds };
}

async function healthOf(name: string, { flink }: Rolling): Promise<ApplyOutcome['job']> {
  try {
    return await readJobHealth(await flink.flinkPage(name));
  } catch (thrown) {
    // The gates have said that it is healthy; one answer that fails changes nothing about it.
    if (thrown instanceof UserFault) return undefined;
    throw thrown;
  }
}
