import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { type FunctionNetwork, type FunctionSettings, SpillwayFunction } from './spillway-function';
import { setStore, type StoreProps } from './store-settings';

export interface OperatorProps extends FunctionSettings, StoreProps {
  readonly network: FunctionNetwork;
  readonly reserveConcurrency: boolean;
}

/** The function that the command line asks for everything about suspensions, and that a schedule has sweep. */
export function makeOperator(scope: Construct, props: OperatorProps): SpillwayFunction {
  const operator = new SpillwayFunction(scope, 'Operator', {
    ...props,
    name: 'operator',
    description: 'Spillway: what people ask about suspensions, and the sweep each minute',
    timeout: Duration.seconds(60),
    memoryMiB: 512,
    // The sweep, and a few people: whoever asks while an account is busiest is let through.
    reservedConcurrency: props.reserveConcurrency ? 5 : undefined,
  });
  setStore(operator, props);
  const sweep = new Rule(operator, 'Sweep', {
    description: 'Spillway: ends suspensions, carries decisions over, counts',
    // The shortest that there is.
    schedule: Schedule.rate(Duration.minutes(1)),
  });
  sweep.addTarget(
    new LambdaFunction(operator.function, {
      event: RuleTargetInput.fromObject({ version: 1, who: 'schedule', ask: { action: 'sweep' } }),
      // The next one is a minute away and does all of it.
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
    }),
  );
  return operator;
}
