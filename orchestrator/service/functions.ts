import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { UserFault } from '../user-fault';
import { type AwsEnvironment, clientSettings } from './aws-environment';
import { asking } from './service-fault';

/** Lambda functions, to be invoked. */
export interface Functions {
  /**
   * Invokes a function with an event as JSON and waits for its answer as JSON. Throws a UserFault with the function's
   * own error where it fails.
   */
  invoke(functionNameOrArn: string, payload: string): Promise<string>;
  /** Asks whether a function is there and may be invoked, without running it. Throws a UserFault where not. */
  dryRun(functionNameOrArn: string): Promise<void>;
  close(): void;
}

/** The functions of a region: the one file that speaks to Lambda. */
export function lambdaFunctions(region: string, variables: AwsEnvironment): Functions {
  const client = new LambdaClient(clientSettings('LAMBDA', region, variables));
  return {
    invoke: async (functionNameOrArn, payload) => {
      const answer = await asking(`invoking ${functionNameOrArn}`, () =>
        client.send(new InvokeCommand({ FunctionName: functionNameOrArn, Payload: Buffer.from(payload) })),
      );
      const text = Buffer.from(answer.Payload ?? []).toString('utf8');
      if (answer.FunctionError !== undefined) throw new UserFault(errorOf(functionNameOrArn, text));
      return text;
    },
    dryRun: async (functionNameOrArn) => {
      const command = new InvokeCommand({ FunctionName: functionNameOrArn, InvocationType: 'DryRun' });
      await asking(`trying ${functionNameOrArn}`, () => client.send(command));
    },
    close: () => {
      client.destroy();
    },
  };
}

function errorOf(functionNameOrArn: string, payload: string): string {
  try {
    const { errorType = 'Error', errorMessage = '' } = JSON.parse(payload) as Record<string, string>;
    return `${functionNameOrArn} failed: ${errorType}: ${errorMessage}`;
  } catch {
    return `${functionNameOrArn} failed: ${payload.slice(0, 300)}`;
  }
}
