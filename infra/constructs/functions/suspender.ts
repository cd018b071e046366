import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import type { QueueWithDeadLetters } from '../queues';
import { type FunctionNetwork, type FunctionSettings, SpillwayFunction } from './spillway-function';
import { setStore, type StoreProps } from './store-settings';

export interface SuspenderProps extends FunctionSettings, StoreProps {
  readonly requests: QueueWithDeadLetters;
  readonly network: FunctionNetwork;
  readonly reserveConcurrency: boolean;
}

/** The suspender's time limit: a cache that does not answer takes two seconds of it for each request. */
export const suspenderTimeout = Duration.seconds(15);

/** Lambda's least for a queue; each decision is one script, so more would decide no sooner. */
const concurrency = 2;

/** The function behind the request queue, in the VPC. */
export function makeSuspender(scope: Construct, props: SuspenderProps): SpillwayFunction {
  const suspender = new SpillwayFunction(scope, 'Suspender', {
    ...props,
    name: 'suspender',
    description: 'Spillway: decides requests and suspends subjects',
    timeout: suspenderTimeout,
    memoryMiB: 512,
    reservedConcurrency: props.reserveConcurrency ? concurrency : undefined,
  });
  setStore(suspender, props);
  suspender.function.addEventSource(
    new SqsEventSource(props.requests.queue, {
      batchSize: 10,
      reportBatchItemFailures: true,
      maxConcurrency: concurrency,
    }),
  );
  return suspender;
}
