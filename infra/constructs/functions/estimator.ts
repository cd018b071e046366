import { Duration, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { failedBatches } from '../failed-batches';
import { grantItems } from '../storage';
import type { StreamedTable } from '../streamed-table';
import { grantPutRecords, type Streams } from '../streams';
import type { SecretText } from '../suspension-cache';
import { acknowledgeWildcard } from '../wildcards';
import { type FunctionSettings, SpillwayFunction } from './spillway-function';

export interface EstimatorProps extends FunctionSettings {
  readonly tables: readonly StreamedTable[];
  readonly streams: Streams;
  readonly controlTable: Table;
  readonly failedBatchBucket: Bucket;
  readonly privacySalt: SecretText | undefined;
  readonly batchWindow: Duration;
  readonly maxRecordAge: Duration;
  readonly retryAttempts: number;
}

/** One function for all tables, with an event source for each stream. */
export function makeEstimator(scope: Construct, props: EstimatorProps): SpillwayFunction {
  const { tables, streams, controlTable, privacySalt } = props;
  const estimator = new SpillwayFunction(scope, 'Estimator', {
    ...props,
    name: 'estimator',
    description: "Spillway: write units of each change in the tables' streams",
    timeout: Duration.minutes(1),
    memoryMiB: 1024,
    // It needs one for each shard of the streams, and nobody knows how many DynamoDB makes: a bound would hold some up.
    reservedConcurrency: undefined,
    network: undefined,
  });
  const settings = Object.fromEntries(tables.map(({ table, settings }) => [table.tableName, settings]));
  const described = tables.filter(({ isStreamed }) => isStreamed).map(({ table }) => table.tableArn);
  estimator
    .set('SPILLWAY_TABLES', Stack.of(scope).toJsonString(settings), (grantee) => {
      if (described.length === 0) return;
      const describe = new PolicyStatement({ actions: ['dynamodb:DescribeTable'], resources: described });
      grantee.grantPrincipal.addToPrincipalPolicy(describe);
    })
    .set('SPILLWAY_USAGE_STREAM', streams.usage.streamName, (grantee) =>
      grantPutRecords(streams.usage, grantee),
    )
    .set('SPILLWAY_SET_ASIDE_STREAM', streams.setAside.streamName, (grantee) =>
      grantPutRecords(streams.setAside, grantee),
    )
    .set('SPILLWAY_CONTROL_TABLE', controlTable.tableName, (grantee) => {
      grantItems(controlTable, grantee, ['GetItem', 'PutItem'], ['estimator#*']);
    });
  // The value is put in at deployment, so that the function asks nobody for it.
  if (privacySalt !== undefined)
    estimator.set('SPILLWAY_PRIVACY_SALT', privacySalt.secretValue.unsafeUnwrap());
  acknowledgeWildcard(
    estimator.role,
    '*',
    'To list streams is allowed for all of them or none; Lambda asks for it.',
  );
  for (const { table, options, isStreamed } of tables) {
    if (!isStreamed) continue;
    estimator.function.addEventSource(
      new DynamoEventSource(table, {
        startingPosition: options.startingPosition ?? StartingPosition.LATEST,
        batchSize: 1_000,
        maxBatchingWindow: props.batchWindow,
        maxRecordAge: props.maxRecordAge,
        retryAttempts: props.retryAttempts,
        // A batch must stay whole, so that its next try makes the same usage records, which count once.
        bisectBatchOnError: false,
        reportBatchItemFailures: false,
        onFailure: failedBatches(props.failedBatchBucket),
      }),
    );
  }
  return estimator;
}
