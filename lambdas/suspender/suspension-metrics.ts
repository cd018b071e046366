import type { Decision } from './store';

export const metricNamespace = 'Spillway';

/** One line in CloudWatch's embedded metric format: a metric when it is written to a function's output, and no call. */
export function metricLine(store: string, values: Readonly<Record<string, number>>, atMs: number): string {
  const directive = {
    Namespace: metricNamespace,
    Dimensions: [['Store']],
    Metrics: Object.keys(values).map((Name) => ({ Name, Unit: 'Count' })),
  };
  return JSON.stringify({
    _aws: { Timestamp: atMs, CloudWatchMetrics: [directive] },
    Store: store,
    ...values,
  });
}

/**
 * How many requests of a batch the open breaker held; none where it held none. Whom it suspended is a figure of the hour,
 * which the operator function gives as a metric.
 */
export function suspensionMetrics(store: string, decisions: readonly Decision[], atMs: number): string[] {
  const held = decisions.filter(({ kind }) => kind === 'held').length;
  return held > 0 ? [metricLine(store, { RequestsHeld: held }, atMs)] : [];
}
