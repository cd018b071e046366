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
 * What a batch decided: subjects suspended anew, those only written down, and requests that the open breaker held. None
 * where nothing of it happened.
 */
export function suspensionMetrics(store: string, decisions: readonly Decision[], atMs: number): string[] {
  const count = (kind: Decision['kind'], simulated: boolean): number =>
    decisions.filter((one) => one.kind === kind && (one.simulated ?? false) === simulated).length;
  const values = {
    SubjectsSuspended: count('suspended', false),
    SubjectsSuspendedSimulated: count('suspended', true),
    RequestsHeld: count('held', false),
  };
  return Object.values(values).some((value) => value > 0) ? [metricLine(store, values, atMs)] : [];
}
