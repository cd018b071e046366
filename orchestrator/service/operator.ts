import type { z } from 'zod';
import {
  longestByHandSeconds,
  type OperatorAction,
  operatorAction,
  type OperatorAnswer,
  operatorAnswers,
} from '../../lambdas/contracts/operator';
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
  let caller: Promise<string> | undefined;
  return operatorCalled(operatorFunctionName(environment), environment.region, variables, async () => {
    // Else the SDK would ask AWS itself, with the keys of this machine.
    if (environment.name === 'local' && variables['AWS_ENDPOINT_URL_LAMBDA'] === undefined)
      throw new UserFault(
        'no function runs locally: AWS_ENDPOINT_URL_LAMBDA is not set, as `npm run local` sets it',
      );
    caller ??= callerOf(environment, variables);
    return caller;
  });
}

/** The function of that name in a region, asked in the name of whoever `who` says. */
export function operatorCalled(
  functionName: string,
  region: string,
  variables: AwsEnvironment,
  who: () => Promise<string>,
): Operator {
  const functions = lambdaFunctions(region, variables);
  return {
    async ask(action, asked) {
      const wanted = { action, ...asked };
      refuseImpossible(wanted);
      const event = { version: 1, who: await who(), ask: wanted };
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

/** What people may get wrong in a request, in their words. */
const mistakes: Readonly<Record<string, string>> = {
  reason:
    '--reason is empty or longer than 500 characters: say in a sentence why, for whoever reads the history',
  subject: 'the subject is empty: name one as the table’s template does, such as app_7',
  subjectPrefix: '--subject is empty: give the beginning of a name, or leave it out',
  seconds: `that is too long: at most ${longestByHandSeconds / (24 * 3600)} days at once`,
};

/** Throws a UserFault for what the function would refuse, before it is asked. */
function refuseImpossible(wanted: object): void {
  const field = operatorAction.safeParse(wanted).error?.issues[0]?.path[0];
  const mistake = mistakes[String(field)];
  if (mistake !== undefined) throw new UserFault(mistake);
}
