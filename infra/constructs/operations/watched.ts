import type { Duration } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** What is watched, and how patiently. */
export interface SpillwayOperationsProps {
  readonly estimator: IFunction;
  readonly alerter: IFunction;
  readonly suspender: IFunction;
  readonly operator: IFunction;

  /** Counts what was set aside; without it two alarms would never fire. */
  readonly setAside: IFunction;

  /**
   * Tells people.
   *
   * @default - nobody is told
   */
  readonly notifier?: IFunction;

  readonly usageStream: IStream;
  readonly excessStream: IStream;
  readonly setAsideStream: IStream;

  /** Holds suspension requests. */
  readonly requestQueue: IQueue;

  /** Queues for what was tried too often. */
  readonly deadLetterQueues: readonly IQueue[];

  /** The tables whose estimate is compared: those priced from their streams, not those that reporters report. */
  readonly tables: readonly Pick<ITable, 'tableName'>[];

  /**
   * Names of the Flink applications in the service, as the orchestrator makes them: `spillway-<environment>-<application>`.
   * Their other slots, which a handover uses, are watched as well.
   */
  readonly applications: readonly string[];

  /**
   * The suspension store's name.
   *
   * @default 'spillway'
   */
  readonly store?: string;

  /**
   * Where the suspender writes its log: the dashboard shows the last suspensions from it.
   *
   * @default - the dashboard shows no subjects
   */
  readonly suspenderLogs?: ILogGroup;

  /**
   * What an alarm does when it fires, and again when it is over.
   *
   * @default - it only changes its state
   */
  readonly alarmActions?: readonly IAlarmAction[];

  /**
   * What stands before a runbook's file name in an alarm's description: the address where your people read the docs.
   *
   * @default 'docs/runbooks/'
   */
  readonly runbooks?: string;

  /**
   * The age of changes at the estimator that an alarm waits for. The definition's `delay` must cover it.
   *
   * @default Duration.seconds(10)
   */
  readonly maxEstimatorLag?: Duration;

  /**
   * How old a suspension request may get.
   *
   * @default Duration.seconds(60)
   */
  readonly maxQueueAge?: Duration;

  /**
   * How long a guard may go on with an old set of suspensions.
   *
   * @default Duration.seconds(60)
   */
  readonly maxGuardStale?: Duration;

  /**
   * How far the estimate of an hour may be from what DynamoDB consumed, as a share of it.
   *
   * @default 0.25
   */
  readonly maxDrift?: number;
}

/** The same with nothing left out that has a default. */
export type Watched = SpillwayOperationsProps &
  Required<
    Pick<
      SpillwayOperationsProps,
      'store' | 'runbooks' | 'maxEstimatorLag' | 'maxQueueAge' | 'maxGuardStale' | 'maxDrift'
    >
  >;
