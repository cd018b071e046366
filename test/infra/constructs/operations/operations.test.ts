import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type App, Duration, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { runbookNames } from '../../../../infra/constructs/operations/alarms';
import { awsMetrics } from '../../../../infra/constructs/operations/used-metrics';
import { metricNamespace, spillwayMetrics } from '../../../../lambdas/contracts/metrics';
import { metricsOfAlarms, metricsOfDashboard, type UsedMetric, widgetsOf } from './used-metrics-of';
import { watchedStack } from './watched-stack';

const runbooks = join(__dirname, '../../../../docs/runbooks');

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly TreatMissingData: string;
}

const alarmsOf = (template: Template): AlarmProperties[] =>
  Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    (resource) => (resource as { Properties: AlarmProperties }).Properties,
  );

/** The dimensions that the metric really has, or undefined where nobody writes it. */
function dimensionsOf({ namespace, name }: UsedMetric): readonly string[] | undefined {
  const known: Record<string, Record<string, { dimensions: readonly string[] }>> = {
    ...awsMetrics,
    [metricNamespace]: spillwayMetrics,
  };
  return known[namespace]?.[name]?.dimensions;
}

test('every alarm names a runbook, every runbook is one of an alarm, and all of them are written', () => {
  const named = alarmsOf(Template.fromStack(watchedStack())).map(
    ({ AlarmDescription }) => /Runbook: docs\/runbooks\/([a-z-]+)\.md$/.exec(AlarmDescription)?.[1],
  );
  expect([...new Set(named)].sort()).toEqual([...runbookNames].sort());
  expect(readdirSync(runbooks).sort()).toEqual(runbookNames.map((name) => `${name}.md`).sort());
});

test('every metric of an alarm or the dashboard is one that AWS describes or Spillway writes', () => {
  const template = Template.fromStack(watchedStack());
  const used = [...metricsOfAlarms(template), ...metricsOfDashboard(widgetsOf(template))];
  expect(used.length).toBeGreaterThan(50);
  const wrong = used.filter(
    (metric) => JSON.stringify(dimensionsOf(metric)) !== JSON.stringify(metric.dimensions),
  );
  expect(wrong).toEqual([]);
});

test('what Spillway says only when something happens is no alarm while it is silent; what is always said is one', () => {
  const breaching = alarmsOf(Template.fromStack(watchedStack()))
    .filter(({ TreatMissingData }) => TreatMissingData === 'breaching')
    .map(({ AlarmDescription }) => /([a-z-]+)\.md$/.exec(AlarmDescription)?.[1]);
  expect(breaching.sort()).toEqual(['no-heartbeat', 'no-sweep']);
});

test('both slots of an application are watched', () => {
  const template = Template.fromStack(watchedStack({ applications: ['spillway-a-one', 'spillway-a-two'] }));
  for (const slot of ['spillway-a-one', 'spillway-a-one-green', 'spillway-a-two', 'spillway-a-two-green']) {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp(`The job of ${slot} restarts`),
      Metrics: Match.arrayWith([
        Match.objectLike({
          MetricStat: Match.objectLike({
            Metric: Match.objectLike({ Dimensions: [{ Name: 'Application', Value: slot }] }),
          }),
        }),
      ]),
    });
  }
});

test('thresholds, runbooks’ address and actions are the user’s', () => {
  const alarmActionArn = 'arn:aws:sns:eu-central-1:111122223333:people';
  const template = Template.fromStack(
    watchedStack({
      alarmActions: [{ bind: () => ({ alarmActionArn }) }],
      maxEstimatorLag: Duration.seconds(30),
      maxGuardStale: Duration.minutes(2),
      runbooks: 'https://wiki.example/',
    }),
  );
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'IteratorAge',
    Threshold: 30_000,
    AlarmDescription: Match.stringLikeRegexp('Runbook: https://wiki.example/estimator-lag.md$'),
    AlarmActions: [alarmActionArn],
    OKActions: [alarmActionArn],
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'GuardStale', Threshold: 120 });
});

test.each([
  [{ applications: [] }, 'watches no application'],
  [{ maxDrift: 25 }, 'maxDrift is 25'],
])('%j is refused with what to give', (differing, message) => {
  expect(() => watchedStack(differing)).toThrow(message);
});

test('the dashboard shows subjects only where it is given the suspender’s log', () => {
  const types = (hasLogs: boolean): string[] =>
    widgetsOf(Template.fromStack(watchedStack({}, hasLogs))).map(({ type }) => type);
  expect(types(true).slice(0, 3)).toEqual(['alarm', 'metric', 'metric']);
  expect(types(true)).toContain('log');
  expect(types(false)).not.toContain('log');
});

test('cdk-nag has nothing to say', () => {
  const app = watchedStack().node.root as App;
  Validations.of(app).addPlugins(new AwsSolutionsChecks());
  // A finding would be thrown.
  expect(app.synth().stacks).toHaveLength(1);
});
