import type { Template } from 'aws-cdk-lib/assertions';

/** A metric as a template names it. */
export interface UsedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly string[];
}

interface Alarm {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string }[];
  readonly Metrics?: readonly {
    readonly MetricStat?: {
      readonly Metric: {
        readonly Namespace: string;
        readonly MetricName: string;
        readonly Dimensions?: readonly { readonly Name: string }[];
      };
    };
  }[];
}

/** Every metric that the alarms of a template use. */
export function metricsOfAlarms(template: Template): UsedMetric[] {
  return Object.values(template.findResources('AWS::CloudWatch::Alarm')).flatMap((resource) => {
    const { Namespace, MetricName, Dimensions, Metrics } = (resource as { Properties: Alarm }).Properties;
    if (Namespace !== undefined && MetricName !== undefined) return [used(Namespace, MetricName, Dimensions)];
    return (Metrics ?? []).flatMap(({ MetricStat }) =>
      MetricStat === undefined
        ? []
        : [used(MetricStat.Metric.Namespace, MetricStat.Metric.MetricName, MetricStat.Metric.Dimensions)],
    );
  });
}

function used(namespace: string, name: string, dimensions: readonly { Name: string }[] = []): UsedMetric {
  return { namespace, name, dimensions: dimensions.map(({ Name }) => Name) };
}

interface Widget {
  readonly type: string;
  readonly properties: { readonly metrics?: readonly (readonly unknown[])[] };
}

/** Every metric that the dashboard of a template shows. */
export function metricsOfDashboard(widgets: readonly Widget[]): UsedMetric[] {
  return widgets
    .flatMap(({ properties }) => properties.metrics ?? [])
    .filter((line) => typeof line[0] === 'string')
    .map((line) => {
      const [namespace, name, ...rest] = line.filter((member) => typeof member === 'string');
      return {
        namespace: namespace ?? '',
        name: name ?? '',
        dimensions: rest.filter((_, at) => at % 2 === 0),
      };
    });
}

/** The widgets of a template's dashboard, with what only a deployment knows as a word. */
export function widgetsOf(template: Template): Widget[] {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const body = (dashboard as { Properties: { DashboardBody: unknown } }).Properties.DashboardBody;
  const text =
    typeof body === 'string'
      ? body
      : (body as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1]
          .map((part) => (typeof part === 'string' ? part : 'TOKEN'))
          .join('');
  return (JSON.parse(text) as { widgets: Widget[] }).widgets;
}
