import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryWidget,
  MathExpression,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import prices from '../../../orchestrator/cost/list-prices.json';
import { flinkMetric, recordsInPerSecond, slotsOf } from './flink-alarms';
import { awsMetric, ownMetric } from './used-metrics';
import type { Watched } from './watched';

const hour = Duration.hours(1);

/** One look, from the top: is it detecting, how far behind, who is suspended, what failed, what it costs. */
export function makeDashboard(scope: Construct, watched: Watched, alarms: readonly Alarm[]): Dashboard {
  return new Dashboard(scope, 'Dashboard', {
    defaultInterval: Duration.hours(3),
    widgets: [
      [
        new AlarmStatusWidget({
          title: 'Alarms: each one names its runbook',
          alarms: [...alarms],
          width: 24,
          height: 3,
        }),
      ],
      detecting(watched),
      behind(watched),
      suspended(watched),
      failed(watched),
      costs(watched),
    ],
  });
}

function graph(title: string, left: IMetric[], right: IMetric[] = []): GraphWidget {
  return new GraphWidget({ title, left, right, width: 12, height: 6 });
}

function detecting({ usageStream, applications, alerter }: Watched): IWidget[] {
  const FunctionName = alerter.functionName;
  const StreamName = usageStream.streamName;
  return [
    graph(
      'Is it detecting? Usage records that arrive, and that Flink reads',
      [
        awsMetric(
          'AWS/Kinesis',
          'IncomingRecords',
          { StreamName },
          { statistic: 'Sum', label: 'arrive a minute' },
        ),
      ],
      applications.map(recordsInPerSecond),
    ),
    graph(
      'Excesses a minute, and the last checkpoint in ms',
      [
        ownMetric('ExcessesHeard', { FunctionName }, { statistic: 'Sum', label: 'heard' }),
        ownMetric('ExcessesNotHeard', { FunctionName }, { statistic: 'Sum', label: 'not heard' }),
      ],
      applications.flatMap(slotsOf).map((slot) => flinkMetric(slot, 'lastCheckpointDuration', 'Maximum')),
    ),
  ];
}

function behind({ estimator, alerter, setAside, usageStream, requestQueue, store }: Watched): IWidget[] {
  const age = (FunctionName: string, label: string): IMetric =>
    awsMetric('AWS/Lambda', 'IteratorAge', { FunctionName }, { statistic: 'Maximum', label });
  const StreamName = usageStream.streamName;
  return [
    graph('How far behind? Oldest record that waits, ms', [
      age(estimator.functionName, 'changes at the estimator'),
      awsMetric(
        'AWS/Kinesis',
        'GetRecords.IteratorAgeMilliseconds',
        { StreamName },
        { statistic: 'Maximum', label: 'usage at its readers (Flink, Firehose)' },
      ),
      age(alerter.functionName, 'excesses at the alerter'),
      age(setAside.functionName, 'what was set aside, at its counter'),
    ]),
    graph('From the end of the window, seconds', [
      ownMetric(
        'ExcessAge',
        { FunctionName: alerter.functionName },
        { statistic: 'Maximum', label: 'to the alerter' },
      ),
      ownMetric('SuspensionDelay', { Store: store }, { statistic: 'Maximum', label: 'to the suspension' }),
      awsMetric(
        'AWS/SQS',
        'ApproximateAgeOfOldestMessage',
        { QueueName: requestQueue.queueName },
        { statistic: 'Maximum', label: 'oldest request' },
      ),
    ]),
  ];
}

function suspended({ store, suspenderLogs }: Watched): IWidget[] {
  const Store = { Store: store };
  const hourly = { statistic: 'Sum', period: hour } as const;
  const widgets: IWidget[] = [
    new SingleValueWidget({
      title: 'Suspended now',
      metrics: [
        ownMetric('ActiveSuspensions', Store, { statistic: 'Maximum', label: 'suspended' }),
        ownMetric('BreakerOpen', Store, { statistic: 'Maximum', label: 'breaker open' }),
      ],
      width: 6,
      height: 6,
    }),
    new GraphWidget({
      title: 'Subjects suspended, and requests refused, an hour',
      left: [
        ownMetric('SubjectsSuspended', Store, { ...hourly, label: 'subjects' }),
        ownMetric('SubjectsSuspendedSimulated', Store, { ...hourly, label: 'subjects, simulated' }),
      ],
      right: [ownMetric('RequestsPrevented', Store, { ...hourly, label: 'requests refused' })],
      width: suspenderLogs === undefined ? 18 : 9,
      height: 6,
    }),
  ];
  if (suspenderLogs !== undefined) {
    widgets.push(
      new LogQueryWidget({
        title: 'Who: the last suspensions',
        logGroupNames: [suspenderLogs.logGroupName],
        queryLines: [
          'fields @timestamp, subject, resource, units, limit, offences, traceId',
          'filter event = "suspended" and not ispresent(simulated)',
          'sort @timestamp desc',
          'limit 20',
        ],
        width: 9,
        height: 6,
      }),
    );
  }
  return widgets;
}

function failed(watched: Watched): IWidget[] {
  const { setAsideStream, store, alerter, usageStream, excessStream } = watched;
  const aside = { StreamName: setAsideStream.streamName };
  const Store = { Store: store };
  const sum = (label: string) => ({ statistic: 'Sum', label }) as const;
  const functions = functionsOf(watched).map(({ functionName: FunctionName }) =>
    awsMetric('AWS/Lambda', 'Errors', { FunctionName }, { statistic: 'Sum' }),
  );
  const throttled = [usageStream, excessStream].flatMap(({ streamName: StreamName }) => [
    awsMetric('AWS/Kinesis', 'WriteProvisionedThroughputExceeded', { StreamName }, { statistic: 'Sum' }),
    awsMetric('AWS/Kinesis', 'ReadProvisionedThroughputExceeded', { StreamName }, { statistic: 'Sum' }),
  ]);
  return [
    graph('What was not acted on, a minute', [
      ownMetric('RecordsSetAside', aside, sum('set aside')),
      ownMetric('LateEntries', aside, sum('late entries')),
      ownMetric('RequestsNotSent', { FunctionName: alerter.functionName }, sum('requests not sent')),
      ownMetric('RequestsFailed', Store, sum('requests failed')),
      ownMetric('RequestsTooOld', Store, sum('requests too old')),
      ownMetric('RequestsHeld', Store, sum('held by the breaker')),
      ownMetric('NotificationsFailed', Store, sum('not told')),
      ownMetric('GuardBlindRefusals', Store, sum('refused blindly by guards')),
    ]),
    graph('Errors of functions, and what Kinesis refused', functions, throttled),
  ];
}

function costs(watched: Watched): IWidget[] {
  const { applications, usageStream } = watched;
  const { kpuHour, lambdaMillionRequests } = prices.prices;
  const kpus = applications.flatMap(slotsOf).map((slot) => flinkMetric(slot, 'KPUs', 'Maximum'));
  const invocations = functionsOf(watched).map(({ functionName: FunctionName }) =>
    awsMetric('AWS/Lambda', 'Invocations', { FunctionName }, { statistic: 'Sum', period: hour }),
  );
  const StreamName = usageStream.streamName;
  return [
    graph(`What it costs: US$ an hour, list prices of ${prices.asOf} in ${prices.region}`, [
      priced('kpus', 'Flink, KPUs', kpus, String(kpuHour.usd)),
      priced('calls', 'Lambda, requests', invocations, `${String(lambdaMillionRequests.usd)} / 1000000`),
    ]),
    graph(
      'What drives the rest an hour: bytes of usage, and milliseconds of functions',
      [awsMetric('AWS/Kinesis', 'IncomingBytes', { StreamName }, { statistic: 'Sum', period: hour })],
      functionsOf(watched).map(({ functionName: FunctionName }) =>
        awsMetric('AWS/Lambda', 'Duration', { FunctionName }, { statistic: 'Sum', period: hour }),
      ),
    ),
    new TextWidget({
      markdown:
        'The first graph is the KPUs of running jobs without the one for orchestration, and calls; shards, storage, ' +
        'the time of functions, the cache and CloudWatch come on top: `spillway cost` works out a month.',
      width: 24,
      height: 2,
    }),
  ];
}

/** The sum of metrics, each at the same price. The name begins those of the metrics, which are unique in a graph. */
function priced(name: string, label: string, metrics: readonly IMetric[], usd: string): MathExpression {
  const usingMetrics = Object.fromEntries(metrics.map((metric, at) => [`${name}${String(at)}`, metric]));
  return new MathExpression({
    expression: `SUM([${Object.keys(usingMetrics).join(', ')}]) * ${usd}`,
    usingMetrics,
    period: hour,
    label,
  });
}

function functionsOf({ estimator, alerter, suspender, operator, setAside, notifier }: Watched) {
  return [estimator, alerter, suspender, operator, setAside, ...(notifier === undefined ? [] : [notifier])];
}
