import { Duration } from 'aws-cdk-lib';
import {
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Watched } from './watched';
import { awsMetric, ownMetric } from './used-metrics';
import { flinkAlarms } from './flink-alarms';

/** Names of alarms: each has a page of the same name in docs/runbooks. */
export const runbookNames = [
  'estimator-lag',
  'records-set-aside',
  'late-entries',
  'job-restarts',
  'checkpoint-failures',
  'no-heartbeat',
  'queue-age',
  'dead-letters',
  'breaker-open',
  'no-sweep',
  'estimate-drift',
  'guard-stale',
] as const;

export type RunbookName = (typeof runbookNames)[number];

/** An alarm before it is made. */
export interface PlannedAlarm {
  /** Pascal case, unique; an alarm of several things has the thing's name at its end. */
  readonly id: string;
  readonly runbook: RunbookName;
  /** One sentence for people, before the runbook's name. */
  readonly meaning: string;
  readonly metric: IMetric;
  readonly threshold: number;
  readonly comparison?: ComparisonOperator;
  /** Of the last `of` periods, so many must be beyond the threshold. */
  readonly periods: { readonly beyond: number; readonly of: number };
  /** What a period without data is. */
  readonly missing: TreatMissingData;
}

const { NOT_BREACHING, BREACHING } = TreatMissingData;

/** Every alarm. Pure. */
export function plannedAlarms(watched: Watched): PlannedAlarm[] {
  return [
    ...pathAlarms(watched),
    ...flinkAlarms(watched),
    ...storeAlarms(watched),
    ...watched.deadLetterQueues.map((queue, at) => ({
      id: `DeadLetters${at === 0 ? '' : String(at + 1)}`,
      runbook: 'dead-letters' as const,
      meaning: 'Messages were tried too often and lie in a dead-letter queue.',
      metric: awsMetric(
        'AWS/SQS',
        'ApproximateNumberOfMessagesVisible',
        { QueueName: queue.queueName },
        { statistic: 'Maximum' },
      ),
      threshold: 0,
      periods: { beyond: 1, of: 1 },
      missing: NOT_BREACHING,
    })),
    ...watched.tables.map(({ tableName }, at) => driftAlarm(watched, tableName, at)),
  ];
}

function pathAlarms(watched: Watched): PlannedAlarm[] {
  const { estimator, setAsideStream, requestQueue, maxEstimatorLag, maxQueueAge } = watched;
  const aside = { StreamName: setAsideStream.streamName };
  return [
    {
      id: 'EstimatorLag',
      runbook: 'estimator-lag',
      meaning: 'Changes wait so long before they are priced that they may come too late to count.',
      metric: awsMetric(
        'AWS/Lambda',
        'IteratorAge',
        { FunctionName: estimator.functionName },
        { statistic: 'Maximum' },
      ),
      threshold: maxEstimatorLag.toMilliseconds(),
      periods: { beyond: 3, of: 3 },
      missing: NOT_BREACHING,
    },
    {
      id: 'RecordsSetAside',
      runbook: 'records-set-aside',
      meaning: 'Records could not be used and were set aside: what they stand for is not counted.',
      metric: ownMetric('RecordsSetAside', aside, { statistic: 'Sum', period: Duration.minutes(5) }),
      threshold: 0,
      periods: { beyond: 1, of: 1 },
      missing: NOT_BREACHING,
    },
    {
      id: 'LateEntries',
      runbook: 'late-entries',
      meaning: 'Usage came after its second was closed: it was set aside and counts nowhere.',
      metric: ownMetric('LateEntries', aside, { statistic: 'Sum', period: Duration.minutes(5) }),
      threshold: 0,
      periods: { beyond: 1, of: 1 },
      missing: NOT_BREACHING,
    },
    {
      id: 'QueueAge',
      runbook: 'queue-age',
      meaning: 'Suspension requests wait: nobody is suspended, or too late to be of use.',
      metric: awsMetric(
        'AWS/SQS',
        'ApproximateAgeOfOldestMessage',
        { QueueName: requestQueue.queueName },
        { statistic: 'Maximum' },
      ),
      threshold: maxQueueAge.toSeconds(),
      periods: { beyond: 2, of: 3 },
      missing: NOT_BREACHING,
    },
  ];
}

function storeAlarms({ store, maxGuardStale }: Watched): PlannedAlarm[] {
  const Store = { Store: store };
  return [
    {
      id: 'BreakerOpen',
      runbook: 'breaker-open',
      meaning: 'The breaker is open: nobody new is suspended until a person closes it.',
      metric: ownMetric('BreakerOpen', Store, { statistic: 'Maximum' }),
      threshold: 0,
      periods: { beyond: 1, of: 1 },
      missing: NOT_BREACHING,
    },
    {
      id: 'NoSweep',
      runbook: 'no-sweep',
      meaning:
        'The operator function has swept nothing for five minutes: it cannot reach the cache or the control table.',
      metric: ownMetric('ActiveSuspensions', Store, { statistic: 'Maximum' }),
      // No count is below 0: only what is missing is beyond it.
      threshold: 0,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      periods: { beyond: 5, of: 5 },
      missing: BREACHING,
    },
    {
      id: 'GuardStale',
      runbook: 'guard-stale',
      meaning: 'A guard cannot reach the cache: it knows of no new suspension.',
      metric: ownMetric('GuardStale', Store, { statistic: 'Maximum' }),
      threshold: maxGuardStale.toSeconds(),
      periods: { beyond: 2, of: 3 },
      missing: NOT_BREACHING,
    },
  ];
}

function driftAlarm({ maxDrift }: Watched, TableName: string, at: number): PlannedAlarm {
  const hour = Duration.hours(1);
  const reading = { statistic: 'Sum', period: hour } as const;
  return {
    id: `EstimateDrift${at === 0 ? '' : String(at + 1)}`,
    runbook: 'estimate-drift',
    meaning: `The write units worked out for ${TableName} are far from those that DynamoDB consumed.`,
    metric: new MathExpression({
      // A table that consumes less than a unit a second cannot be hot, and a few writes would be a large share of it.
      expression: 'IF(consumed > 3600, ABS(1 - estimated / consumed), 0)',
      usingMetrics: {
        estimated: ownMetric('EstimatedWriteUnits', { TableName }, reading),
        consumed: awsMetric('AWS/DynamoDB', 'ConsumedWriteCapacityUnits', { TableName }, reading),
      },
      period: hour,
      label: 'drift',
    }),
    threshold: maxDrift,
    periods: { beyond: 2, of: 2 },
    missing: NOT_BREACHING,
  };
}
