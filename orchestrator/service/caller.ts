import { userInfo } from 'node:os';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Environment } from '../definition/environments';
import { type AwsEnvironment, clientSettings } from './aws-environment';
import { asking } from './service-fault';

/**
 * Who runs this command, as it will stand in the log of decisions: the ARN that STS knows the credentials by, or the
 * user of this machine for the local system, which has no identities.
 */
export async function callerOf(environment: Environment, variables: AwsEnvironment): Promise<string> {
  if (environment.name === 'local') return `local:${userInfo().username}`;
  const client = new STSClient(clientSettings('STS', environment.region, variables));
  try {
    const { Arn = 'unknown' } = await asking('asking STS who you are', () =>
      client.send(new GetCallerIdentityCommand({})),
    );
    return Arn;
  } finally {
    client.destroy();
  }
}
