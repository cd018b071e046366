import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { hostname, userInfo } from 'node:os';
import type { Environment } from '../definition/environments';
import { UserFault } from '../user-fault';
import { type AwsEnvironment, clientSettings } from './aws-environment';
import { asking } from './service-fault';

/** Whose credentials the SDK finds. */
export interface Caller {
  account: string;
  arn: string;
}

/**
 * Asks STS whose credentials these are. Undefined where a local server stands in for the service and none for STS: it
 * has no accounts.
 */
export async function askCaller(region: string, variables: AwsEnvironment): Promise<Caller | undefined> {
  const isLocal = variables['AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2'] !== undefined;
  if (isLocal && variables['AWS_ENDPOINT_URL_STS'] === undefined) return undefined;
  const client = new STSClient(clientSettings('STS', region, variables));
  try {
    const { Account = '', Arn = '' } = await asking('asking AWS whose credentials these are', () =>
      client.send(new GetCallerIdentityCommand({})),
    );
    return { account: Account, arn: Arn };
  } finally {
    client.destroy();
  }
}

/** Throws where the credentials are those of another account than the environment's. */
export function refuseOtherAccount(environment: Environment, caller: Caller | undefined): void {
  if (caller === undefined || caller.account === environment.account) return;
  throw new UserFault(
    `the credentials are of account ${caller.account} (${caller.arn}), but ${environment.name} is account ` +
      `${environment.account}: set AWS_PROFILE to a profile of that account, or correct account in ${environment.file}`,
  );
}

/** Who does it, for the lock and the history: the caller's ARN where AWS tells it, else user and host. */
export function nameOfCaller(caller: Caller | undefined): string {
  return caller?.arn ?? `${userInfo().username}@${hostname()}`;
}

/**
 * Who runs this command, as it will stand in the log of decisions: the ARN that STS knows the credentials by, or the
 * user of this machine for the local system, which has no identities. Throws where they are another account's.
 */
export async function callerOf(environment: Environment, variables: AwsEnvironment): Promise<string> {
  const caller = environment.name === 'local' ? undefined : await askCaller(environment.region, variables);
  refuseOtherAccount(environment, caller);
  return caller?.arn ?? `local:${userInfo().username}`;
}
