import type { z } from 'zod';
import { type OperatorAction, type OperatorAnswer, operatorAnswers } from '../../lambdas/contracts/operator';
import { parseRecord } from '../../lambdas/contracts/parse';
import type { Environment } from '../definition/environments';
import { UserFault } from '../user-fault';
import type { AwsEnvironment } from './aws-environment';
import { callerOf } from './caller';
import { lambdaFunctions } from './functions';

type Ask<Action extends OperatorAction['action']> = Omit<
  Extract<OperatorAction, { action: Action }>,
  'action'
>;

/** The operator function of an environment: the only way to the suspensions. */
export interface Operator {
  /** Throws a UserFault with the function's own words where it cannot do what is asked. */
  ask<Action extends OperatorAction['action']>(
    action: Action,
    asked: Ask<Action>,
  ): Promise<OperatorAnswer<Action>>;
  close(): void;
}

/** The name that the infrastructure gives the function. */
export function operatorFunctionName(environment: Environment): string {
  const { operatorFunction, name } = environment;
  return operatorFunction ?? (name === 'local' ? 'operator' : `spillway-${name}-operator`);
}

/** Asks STS who the caller is with the first request, and sends that along. */
export function operatorOf(environment: Environment, variables: AwsEnvironment): Operator {
  const functions = lambdaFunctions(environment.region, variables);
  const functionName = operatorFunctionName(environment);
  let caller: Promise<string> | undefined;
  return {
    async ask(action, asked) {
      caller ??= callerOf(environment, variables);
      const event = { version: 1, who: await caller, ask: { action, ...asked } };
      const text = await functions.invoke(functionName, JSON.stringify(event));
      const schema: z.ZodType = operatorAnswers[action];
      const parsed = parseRecord(schema, text);
      if (parsed.ok) return parsed.value as OperatorAnswer<typeof action>;
      throw new UserFault(
        `${functionName} answered ${action} with what this version of spillway does not read (${parsed.reason}): ` +
          'deploy the functions and the command line of the same version',
      );
    },
    close: () => {
      functions.close();
    },
  };
}
