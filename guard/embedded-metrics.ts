import { metricNamespace, type MetricName, spillwayMetrics } from '../lambdas/contracts/metrics';
import type { GuardMetrics } from './metrics';

/**
 * An `onMetrics` that writes the guard's metrics in CloudWatch's embedded metric format: where the API's output goes to
 * CloudWatch Logs (ECS, EKS, Lambda), each line becomes metrics of the namespace `Spillway` with the dimension `Store`,
 * and no call is made. Elsewhere, hand the numbers to whatever collects yours. Each guard writes its own line; take the
 * maximum of `GuardStale` and the sum of the others.
 *
 * @param store the store's name, as `createGuard` has it
 * @param write takes each line, without its end; by default the standard output does, which must be what is collected
 */
export function embeddedMetrics(
  store = 'spillway',
  write: (line: string) => void = writeToOutput,
): (metrics: GuardMetrics) => void {
  return ({ staleSeconds, refusals, blindRefusals, refusalsDropped }) => {
    const values: Partial<Record<MetricName, number>> = {
      GuardStale: staleSeconds,
      GuardRefusals: refusals,
      GuardBlindRefusals: blindRefusals,
      GuardRefusalsDropped: refusalsDropped,
    };
    const names = Object.keys(values) as (keyof typeof spillwayMetrics)[];
    const directive = {
      Namespace: metricNamespace,
      Dimensions: [['Store']],
      Metrics: names.map((Name) => ({ Name, Unit: spillwayMetrics[Name].unit })),
    };
    write(
      JSON.stringify({
        _aws: { Timestamp: Date.now(), CloudWatchMetrics: [directive] },
        Store: store,
        ...values,
      }),
    );
  };
}

function writeToOutput(line: string): void {
  process.stdout.write(`${line}\n`);
}
