import { Duration } from 'aws-cdk-lib';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import type { Streams } from '../streams';
import { type FunctionSettings, SpillwayFunction } from './spillway-function';

export interface SetAsideProps extends FunctionSettings {
  readonly streams: Streams;
}

/** The function that counts what was set aside. */
export function makeSetAside(scope: Construct, props: SetAsideProps): SpillwayFunction {
  const { setAside } = props.streams;
  const counter = new SpillwayFunction(scope, 'SetAside', {
    ...props,
    name: 'set-aside',
    description: 'Spillway: counts what was set aside',
    timeout: Duration.seconds(30),
    memoryMiB: 256,
    reservedConcurrency: undefined,
    network: undefined,
  });
  counter.set('SPILLWAY_SET_ASIDE_STREAM', setAside.streamName);
  counter.function.addEventSource(
    new KinesisEventSource(setAside, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 1_000,
      maxBatchingWindow: Duration.seconds(5),
      // The records stay on the stream; only their count would be lost.
      retryAttempts: 3,
    }),
  );
  return counter;
}
