/** Where all of Spillway's own metrics are in CloudWatch. */
export const metricNamespace = 'Spillway';

/** What one metric counts or measures. */
export interface MetricMeaning {
  /** A unit of CloudWatch's. */
  readonly unit: 'Count' | 'Seconds';
  /** Names of its dimensions: AWS's own names where AWS has the thing. */
  readonly dimensions: readonly string[];
  /** Who writes it. */
  readonly writer: 'estimator' | 'alerter' | 'suspender' | 'operator' | 'notifier' | 'set-aside' | 'guard';
}

const of = <Meaning extends MetricMeaning>(meaning: Meaning): Meaning => meaning;

/**
 * Every metric that Spillway writes; docs/metrics.md says what each one means. A name is in Pascal case, says what is
 * counted and not that it is a count, and ends in no unit.
 */
export const spillwayMetrics = {
  /** Of the table; of an index with the further dimension `GlobalSecondaryIndexName`. In the minute of the changes. */
  EstimatedWriteUnits: of({ unit: 'Count', dimensions: ['TableName'], writer: 'estimator' }),

  ExcessesHeard: of({ unit: 'Count', dimensions: ['FunctionName'], writer: 'alerter' }),
  ExcessesNotHeard: of({ unit: 'Count', dimensions: ['FunctionName'], writer: 'alerter' }),
  RequestsNotSent: of({ unit: 'Count', dimensions: ['FunctionName'], writer: 'alerter' }),
  /** From the end of the window to the alerter, of the oldest of a batch's excesses. */
  ExcessAge: of({ unit: 'Seconds', dimensions: ['FunctionName'], writer: 'alerter' }),

  RequestsHeld: of({ unit: 'Count', dimensions: ['Store'], writer: 'suspender' }),
  RequestsTooOld: of({ unit: 'Count', dimensions: ['Store'], writer: 'suspender' }),
  RequestsFailed: of({ unit: 'Count', dimensions: ['Store'], writer: 'suspender' }),
  /** From the end of the window to the suspension, of the slowest of a batch's new suspensions. */
  SuspensionDelay: of({ unit: 'Seconds', dimensions: ['Store'], writer: 'suspender' }),

  ActiveSuspensions: of({ unit: 'Count', dimensions: ['Store'], writer: 'operator' }),
  /** The sum of an hour is the figure of that hour, as of the two that follow. */
  SubjectsSuspended: of({ unit: 'Count', dimensions: ['Store'], writer: 'operator' }),
  SubjectsSuspendedSimulated: of({ unit: 'Count', dimensions: ['Store'], writer: 'operator' }),
  RequestsPrevented: of({ unit: 'Count', dimensions: ['Store'], writer: 'operator' }),
  /** 1 while it is open, else 0, with each sweep. */
  BreakerOpen: of({ unit: 'Count', dimensions: ['Store'], writer: 'operator' }),

  NotificationsFailed: of({ unit: 'Count', dimensions: ['Store'], writer: 'notifier' }),

  RecordsSetAside: of({ unit: 'Count', dimensions: ['StreamName'], writer: 'set-aside' }),
  LateEntries: of({ unit: 'Count', dimensions: ['StreamName'], writer: 'set-aside' }),

  GuardStale: of({ unit: 'Seconds', dimensions: ['Store'], writer: 'guard' }),
  GuardRefusals: of({ unit: 'Count', dimensions: ['Store'], writer: 'guard' }),
  GuardBlindRefusals: of({ unit: 'Count', dimensions: ['Store'], writer: 'guard' }),
  GuardRefusalsDropped: of({ unit: 'Count', dimensions: ['Store'], writer: 'guard' }),
} as const;

export type MetricName = keyof typeof spillwayMetrics;
