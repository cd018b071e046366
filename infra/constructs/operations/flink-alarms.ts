import { Duration } from 'aws-cdk-lib';
import {
  ComparisonOperator,
  type IMetric,
  MathExpression,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { slotName } from '../../../orchestrator/plan/slots';
import type { PlannedAlarm } from './alarms';
import { type AwsMetricName, awsMetric, type Statistic } from './used-metrics';
import type { Watched } from './watched';

const minute = Duration.minutes(1);

/** The names of an application's two slots in the service. */
export function slotsOf(application: string): readonly [string, string] {
  return [slotName(application, 'blue'), slotName(application, 'green')];
}

/** A metric of an application, which runs in one of its two slots, or during a handover in both. */
export function flinkMetric(
  slot: string,
  name: AwsMetricName<'AWS/KinesisAnalytics'>,
  statistic: Statistic,
): Metric {
  return awsMetric('AWS/KinesisAnalytics', name, { Application: slot }, { statistic });
}

/**
 * Records that both slots read in a second. A list is added up without those of its metrics that have no data, which `+`
 * would not do; where neither has any, there is none.
 *
 * @param at keeps the names of several applications apart in one graph
 */
export function recordsInPerSecond(application: string, at: number): IMetric {
  const [blue, green] = slotsOf(application);
  return new MathExpression({
    expression: `SUM([blue${String(at)}, green${String(at)}])`,
    usingMetrics: {
      [`blue${String(at)}`]: flinkMetric(blue, 'numRecordsInPerSecond', 'Average'),
      [`green${String(at)}`]: flinkMetric(green, 'numRecordsInPerSecond', 'Average'),
    },
    period: minute,
    label: application,
  });
}

/** The alarms of each Flink application. Pure. */
export function flinkAlarms({ applications, usageStream }: Watched): PlannedAlarm[] {
  const StreamName = usageStream.streamName;
  return applications.flatMap((application, at) => {
    const number = at === 0 ? '' : String(at + 1);
    const slots = slotsOf(application);
    return [
      ...slots.flatMap((slot, side) => jobAlarms(slot, `${side === 0 ? '' : 'Green'}${number}`)),
      {
        id: `NoHeartbeat${number}`,
        runbook: 'no-heartbeat' as const,
        meaning: `The application ${application} reports nothing: it does not run, and nothing is detected.`,
        metric: recordsInPerSecond(application, at),
        // No rate is below 0: only what is missing is beyond it.
        threshold: 0,
        comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
        periods: { beyond: 5, of: 5 },
        missing: TreatMissingData.BREACHING,
      },
      {
        id: `ReadsNothing${number}`,
        runbook: 'no-heartbeat' as const,
        meaning: `Usage arrives, but the application ${application} reads none of it: nothing is detected.`,
        metric: new MathExpression({
          expression: 'IF(arrived > 0 AND read == 0, 1, 0)',
          usingMetrics: {
            arrived: awsMetric('AWS/Kinesis', 'IncomingRecords', { StreamName }, { statistic: 'Sum' }),
            read: recordsInPerSecond(application, at),
          },
          period: minute,
          label: 'reads nothing',
        }),
        threshold: 0,
        periods: { beyond: 5, of: 5 },
        missing: TreatMissingData.NOT_BREACHING,
      },
    ];
  });
}

/** A job counts up while it lives and begins at 0 with the next start, which is no increase. */
function increaseOf(slot: string, name: AwsMetricName<'AWS/KinesisAnalytics'>): IMetric {
  return new MathExpression({
    expression: 'DIFF(total)',
    usingMetrics: { total: flinkMetric(slot, name, 'Maximum') },
    period: minute,
    label: `${name}, increase`,
  });
}

function jobAlarms(slot: string, suffix: string): PlannedAlarm[] {
  const twiceInTenMinutes = {
    threshold: 0,
    periods: { beyond: 2, of: 10 },
    missing: TreatMissingData.NOT_BREACHING,
  };
  return [
    {
      id: `JobRestarts${suffix}`,
      runbook: 'job-restarts',
      meaning: `The job of ${slot} restarts again and again: excesses come late or not at all.`,
      metric: increaseOf(slot, 'numRestarts'),
      ...twiceInTenMinutes,
    },
    {
      id: `CheckpointFailures${suffix}`,
      runbook: 'checkpoint-failures',
      meaning: `Checkpoints of ${slot} fail: a restart would go back a long way and take long.`,
      metric: increaseOf(slot, 'numberOfFailedCheckpoints'),
      ...twiceInTenMinutes,
    },
  ];
}
