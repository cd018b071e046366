import { Duration, Stack, Tags } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConnectable, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Grant, type IGrantable, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Archive } from './archive';
import { allowLogsToUse } from './encryption';
import { FlinkRole } from './flink-role';
import { makeAlerter } from './functions/alerter';
import { makeEstimator } from './functions/estimator';
import { makeNotifier, notifierTimeout } from './functions/notifier';
import { makeOperator } from './functions/operator';
import { makeSetAside } from './functions/set-aside';
import type { SpillwayFunction } from './functions/spillway-function';
import { makeSuspender, suspenderTimeout } from './functions/suspender';
import { estimatedUnitsMetric, storeMetric } from './metrics';
import { cacheSubnets, Network } from './network';
import { SpillwayOperations } from './operations/operations';
import { addOutputs } from './outputs';
import type { SpillwayProps } from './props';
import { QueueWithDeadLetters } from './queues';
import { Storage } from './storage';
import { grantPutRecords, Streams } from './streams';
import { cachePort, ServerlessCache, type SuspensionCache } from './suspension-cache';
import { validated } from './validate-props';

/**
 * Everything of Spillway but the Flink applications, which the orchestrator makes from this stack's outputs
 * (`spillway init environment … --outputs`). One in a stack.
 */
export class Spillway extends Construct {
  readonly streams: Streams;
  readonly storage: Storage;
  /** Suspension requests, from the alerter to the suspender. */
  readonly requests: QueueWithDeadLetters;
  /** What people are to be told; undefined where there is neither webhook nor topic. */
  readonly notifications: QueueWithDeadLetters | undefined;
  readonly cache: SuspensionCache;
  readonly store: string;
  readonly estimator: SpillwayFunction;
  readonly alerter: SpillwayFunction;
  readonly suspender: SpillwayFunction;
  readonly operator: SpillwayFunction;
  readonly notifier: SpillwayFunction | undefined;
  /** Counts what was set aside. */
  readonly setAside: SpillwayFunction;
  /** Usage for billing and backtests, where props ask for it. */
  readonly archive: Archive | undefined;
  readonly flink: FlinkRole;

  constructor(scope: Construct, id: string, props: SpillwayProps) {
    super(scope, id);
    const { usageShards, vpcSubnets } = validated(this, props);
    const { encryptionKey, vpc, tables, suspensionLength } = props;
    this.store = props.store ?? 'spillway';
    Tags.of(this).add('spillway', this.store);
    if (encryptionKey !== undefined) allowLogsToUse(encryptionKey, Stack.of(this));
    const shared = { logRetention: props.logRetention ?? RetentionDays.ONE_MONTH, encryptionKey };
    const reserveConcurrency = props.reserveConcurrency ?? true;
    const isTold = props.notifyWebhook !== undefined || props.notifyTopic !== undefined;

    this.streams = new Streams(this, 'Streams', {
      usageShards,
      usageRetention: props.usageRetention ?? Duration.hours(24),
      encryptionKey,
    });
    this.storage = new Storage(this, 'Storage', {
      encryptionKey,
      failedBatchRetention: props.failedBatchRetention ?? Duration.days(30),
      accessLogsBucket: props.accessLogsBucket,
    });
    const { controlTable, codeBucket, failedBatchBucket } = this.storage;
    this.requests = new QueueWithDeadLetters(this, 'Requests', {
      // Twice the time limit: a request that failed comes again soon, for as long as a failover of the cache may take.
      visibilityTimeout: Duration.seconds(2 * suspenderTimeout.toSeconds()),
      maxReceiveCount: 10,
      encryptionKey,
    });
    this.notifications = isTold
      ? new QueueWithDeadLetters(this, 'Notifications', {
          visibilityTimeout: Duration.seconds(6 * notifierTimeout.toSeconds()),
          maxReceiveCount: 5,
          encryptionKey,
        })
      : undefined;
    this.cache = props.cache ?? this.makeCache(vpc, vpcSubnets, props);
    const network = new Network(this, 'Network', {
      vpc,
      vpcSubnets,
      createEndpoints: props.createVpcEndpoints ?? true,
      needsSqs: isTold,
    });
    network.openTo(this.cache);

    this.estimator = makeEstimator(this, {
      ...shared,
      tables,
      streams: this.streams,
      controlTable,
      failedBatchBucket,
      privacySalt: props.privacySalt,
      batchWindow: props.estimatorBatchWindow ?? Duration.seconds(1),
      maxRecordAge: props.estimatorMaxRecordAge ?? Duration.minutes(15),
      retryAttempts: props.estimatorRetryAttempts ?? 100,
    });
    this.alerter = makeAlerter(this, {
      ...shared,
      streams: this.streams,
      requests: this.requests,
      controlTable,
      failedBatchBucket,
      reserveConcurrency,
    });
    const ofTheStore = {
      ...shared,
      cache: this.cache,
      store: this.store,
      controlTable,
      notifications: this.notifications,
      suspensionLength,
      network,
      reserveConcurrency,
    };
    this.suspender = makeSuspender(this, { ...ofTheStore, requests: this.requests });
    this.operator = makeOperator(this, ofTheStore);
    this.notifier =
      this.notifications &&
      makeNotifier(this, {
        ...shared,
        notifications: this.notifications,
        store: this.store,
        controlTable,
        webhookUrl: props.notifyWebhook,
        topic: props.notifyTopic,
        template: props.notifyTemplate,
      });
    this.setAside = makeSetAside(this, { ...shared, streams: this.streams });
    this.flink = new FlinkRole(this, 'Flink', { ...shared, streams: this.streams, codeBucket });
    this.addOutputs();
    this.addOperations(props);
    this.archive = this.addArchive(props);
  }

  /** The role that the orchestrator gives the Flink applications. */
  get flinkRole(): IRole {
    return this.flink.role;
  }

  /** The function that the command line asks; see `grantOperate`. */
  get operatorFunction(): IFunction {
    return this.operator.function;
  }

  /**
   * Lets a guard reach the cache and read its user's password: the user may read suspensions and count refusals. The
   * guard is given `cache.url`, `cache.guardLogin.username`, and the password from the secret.
   */
  grantGuardRead(grantee: IGrantable & IConnectable): Grant {
    this.cache.connections.allowFrom(grantee, cachePort, 'Guards');
    const login = this.cache.guardLogin;
    return login === undefined
      ? Grant.drop(grantee, 'The cache asks guards for no password')
      : login.password.grantRead(grantee);
  }

  /** Lets a reporter in your API put usage on the usage stream. */
  grantReport(grantee: IGrantable): Grant {
    return grantPutRecords(this.streams.usage, grantee);
  }

  /** Lets somebody ask the operator function: see, lift and add suspensions, exempt subjects, apply policies. Give it to few. */
  grantOperate(grantee: IGrantable): Grant {
    return this.operator.function.grantInvoke(grantee);
  }

  /** A metric of this Spillway's store, a sum by the minute unless the options say otherwise. */
  metric(metricName: string, options?: MetricOptions): Metric {
    return storeMetric(this.store, metricName, options);
  }

  /** Suspensions in force, as the sweep counts them each minute. */
  metricActiveSuspensions(options?: MetricOptions): Metric {
    return this.metric('ActiveSuspensions', { statistic: 'Maximum', ...options });
  }

  /** Requests that guards refused. */
  metricRequestsPrevented(options?: MetricOptions): Metric {
    return this.metric('RequestsPrevented', options);
  }

  /** Subjects suspended anew. */
  metricSubjectsSuspended(options?: MetricOptions): Metric {
    return this.metric('SubjectsSuspended', options);
  }

  /** Requests that the open breaker held. */
  metricRequestsHeld(options?: MetricOptions): Metric {
    return this.metric('RequestsHeld', options);
  }

  /** Write units of a table as the estimator works them out. */
  metricEstimatedWriteUnits(tableName: string, options?: MetricOptions): Metric {
    return estimatedUnitsMetric(tableName, options);
  }

  /** Age of the oldest change that the estimator has not settled: how far behind detection is at its first step. */
  metricEstimatorLag(options?: MetricOptions): Metric {
    return this.estimator.function.metric('IteratorAge', { statistic: 'Maximum', ...options });
  }

  /** Messages that the suspender could not handle. */
  metricDeadRequests(options?: MetricOptions): Metric {
    return this.requests.deadLetterQueue.metricApproximateNumberOfMessagesVisible(options);
  }

  private makeCache(vpc: IVpc, vpcSubnets: SubnetSelection, props: SpillwayProps): ServerlessCache {
    return new ServerlessCache(this, 'Cache', {
      vpc,
      subnets: cacheSubnets(vpc, vpcSubnets),
      store: this.store,
      encryptionKey: props.encryptionKey,
    });
  }

  private addOutputs(): void {
    addOutputs(this, {
      SpillwayUsageStream: this.streams.usage.streamName,
      SpillwayExcessStream: this.streams.excess.streamName,
      SpillwaySetAsideStream: this.streams.setAside.streamName,
      SpillwayCodeBucket: this.storage.codeBucket.bucketName,
      SpillwayFailedBatchBucket: this.storage.failedBatchBucket.bucketName,
      SpillwayControlTable: this.storage.controlTable.tableName,
      SpillwayFlinkRoleArn: this.flink.role.roleArn,
      SpillwayEstimatorFunction: this.estimator.function.functionName,
      SpillwayAlerterFunction: this.alerter.function.functionName,
      SpillwaySuspenderFunction: this.suspender.function.functionName,
      SpillwayOperatorFunction: this.operator.function.functionName,
    });
  }

  /** Dashboard and alarms. */
  private addOperations({ watchedApplications, alarmActions, runbooks, tables }: SpillwayProps): void {
    if (watchedApplications === undefined) return;
    const { requests, notifications, notifier } = this;
    new SpillwayOperations(this, 'Operations', {
      estimator: this.estimator.function,
      alerter: this.alerter.function,
      suspender: this.suspender.function,
      operator: this.operator.function,
      setAside: this.setAside.function,
      ...(notifier === undefined ? {} : { notifier: notifier.function }),
      usageStream: this.streams.usage,
      excessStream: this.streams.excess,
      setAsideStream: this.streams.setAside,
      requestQueue: requests.queue,
      deadLetterQueues: [requests, ...(notifications === undefined ? [] : [notifications])].map(
        ({ deadLetterQueue }) => deadLetterQueue,
      ),
      tables: tables.filter(({ isStreamed }) => isStreamed).map(({ table }) => table),
      applications: watchedApplications,
      store: this.store,
      suspenderLogs: this.suspender.logGroup,
      ...(alarmActions === undefined ? {} : { alarmActions }),
      ...(runbooks === undefined ? {} : { runbooks }),
    });
  }

  private addArchive({ archive, encryptionKey, accessLogsBucket }: SpillwayProps): Archive | undefined {
    if (archive === undefined) return undefined;
    return new Archive(this, 'Archive', {
      usage: this.streams.usage,
      ...archive,
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
      ...(accessLogsBucket === undefined ? {} : { accessLogsBucket }),
    });
  }
}
