import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type PlannedAlarm, plannedAlarms } from './alarms';
import { makeDashboard } from './dashboard';
import type { SpillwayOperationsProps, Watched } from './watched';

/** How one knows that a Spillway works: alarms, each with a runbook, and one dashboard. */
export class SpillwayOperations extends Construct {
  readonly alarms: readonly Alarm[];
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: SpillwayOperationsProps) {
    super(scope, id);
    const watched = validated(props);
    this.alarms = plannedAlarms(watched).map((planned) => makeAlarm(this, watched, planned));
    this.dashboard = makeDashboard(this, watched, this.alarms);
  }
}

function makeAlarm(scope: Construct, { runbooks, alarmActions = [] }: Watched, planned: PlannedAlarm): Alarm {
  const { id, runbook, meaning, metric, threshold, periods, missing } = planned;
  const alarm = new Alarm(scope, id, {
    alarmDescription: `${meaning} Runbook: ${runbooks}${runbook}.md`,
    metric,
    threshold,
    comparisonOperator: planned.comparison ?? ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: periods.of,
    datapointsToAlarm: periods.beyond,
    treatMissingData: missing,
  });
  for (const action of alarmActions) {
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
  return alarm;
}

function validated(props: SpillwayOperationsProps): Watched {
  const { applications, maxDrift = 0.25 } = props;
  if (applications.length === 0) {
    throw new RangeError(
      'SpillwayOperations watches no application. Give the names that the Flink applications have in the service, ' +
        'such as "spillway-production-throttle": `spillway status --env production` shows them.',
    );
  }
  if (!(maxDrift > 0 && maxDrift < 1)) {
    throw new RangeError(`maxDrift is ${String(maxDrift)}. Give it a share between 0 and 1, such as 0.25.`);
  }
  return {
    ...props,
    store: props.store ?? 'spillway',
    runbooks: props.runbooks ?? 'docs/runbooks/',
    maxEstimatorLag: props.maxEstimatorLag ?? Duration.seconds(10),
    maxQueueAge: props.maxQueueAge ?? Duration.seconds(60),
    maxGuardStale: props.maxGuardStale ?? Duration.seconds(60),
    maxDrift,
  };
}
