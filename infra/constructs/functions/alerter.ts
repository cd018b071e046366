import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { failedBatches } from '../failed-batches';
import { grantSend, type QueueWithDeadLetters } from '../queues';
import { grantItems } from '../storage';
import { grantPutRecords, type Streams } from '../streams';
import { type FunctionSettings, SpillwayFunction } from './spillway-function';

export interface AlerterProps extends FunctionSettings {
  readonly streams: Streams;
  readonly requests: QueueWithDeadLetters;
  readonly controlTable: Table;
  readonly failedBatchBucket: Bucket;
  readonly reserveConcurrency: boolean;
}

/** The function behind the excess stream. */
export function makeAlerter(scope: Construct, props: AlerterProps): SpillwayFunction {
  const { streams, requests, controlTable } = props;
  const alerter = new SpillwayFunction(scope, 'Alerter', {
    ...props,
    name: 'alerter',
    description: 'Spillway: suspension requests from excesses',
    timeout: Duration.seconds(30),
    memoryMiB: 512,
    // One for the one shard of the excess stream, and one while the stream is resharded.
    reservedConcurrency: props.reserveConcurrency ? 2 : undefined,
    network: undefined,
  });
  alerter
    .set('SPILLWAY_REQUEST_QUEUE_URL', requests.queue.queueUrl, (grantee) =>
      grantSend(requests.queue, grantee),
    )
    .set('SPILLWAY_SET_ASIDE_STREAM', streams.setAside.streamName, (grantee) =>
      grantPutRecords(streams.setAside, grantee),
    )
    .set('SPILLWAY_CONTROL_TABLE', controlTable.tableName, (grantee) => {
      grantItems(controlTable, grantee, ['GetItem'], ['application#*']);
    });
  alerter.function.addEventSource(
    new KinesisEventSource(streams.excess, {
      // The stream is as new as the function: nothing is in it that nobody was meant to hear.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      reportBatchItemFailures: true,
      // An hour later nobody is suspended for it any more.
      maxRecordAge: Duration.hours(1),
      onFailure: failedBatches(props.failedBatchBucket),
    }),
  );
  return alerter;
}
