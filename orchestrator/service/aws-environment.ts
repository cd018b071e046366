import { existsSync, readFileSync } from 'node:fs';
import type { Environment } from '../definition/environments';
import { messageOf, UserFault } from '../user-fault';

/** Environment variables as AWS's SDKs understand them. */
export type AwsEnvironment = Readonly<Record<string, string | undefined>>;

/** A service as `AWS_ENDPOINT_URL_<service>` calls it. */
export type AwsService =
  | 'KINESIS_ANALYTICS_V2'
  | 'S3'
  | 'LAMBDA'
  | 'CLOUDWATCH'
  | 'CLOUDWATCH_LOGS'
  | 'DYNAMODB'
  | 'KINESIS'
  | 'STS'
  | 'ATHENA';

/** What every AWS client of the orchestrator is made with. */
export interface ClientSettings {
  region: string;
  /** Where a local server answers in place of the service. */
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/**
 * The environment variables for a place. For `local` they name the endpoints; where they do not, the file that
 * `npm run local` writes does.
 */
export function awsEnvironment(
  environment: Environment,
  variables: AwsEnvironment,
  localStateFile: string,
): AwsEnvironment {
  if (environment.name !== 'local' || variables['AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2'] !== undefined) {
    return variables;
  }
  if (!existsSync(localStateFile)) {
    throw new UserFault(
      'nothing runs locally: start it with `npm run local`, then run this command in another terminal',
    );
  }
  return { ...variables, ...readLocalState(localStateFile) };
}

/** Region, endpoint and credentials of one service; the SDK finds credentials itself where none are local. */
export function clientSettings(
  service: AwsService,
  region: string,
  variables: AwsEnvironment,
): ClientSettings {
  const endpoint = variables[`AWS_ENDPOINT_URL_${service}`];
  const accessKeyId = variables['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = variables['AWS_SECRET_ACCESS_KEY'];
  const hasKeys = accessKeyId !== undefined && secretAccessKey !== undefined;
  return {
    region,
    ...(endpoint !== undefined && { endpoint }),
    // Keys with a session token, profiles and roles are left to the SDK's own chain.
    ...(endpoint !== undefined && hasKeys && { credentials: { accessKeyId, secretAccessKey } }),
  };
}

function readLocalState(file: string): AwsEnvironment {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as { environment?: AwsEnvironment };
    if (state.environment === undefined) throw new Error('it has no "environment"');
    return state.environment;
  } catch (cause) {
    throw new UserFault(
      `${file} cannot be read (${messageOf(cause)}): stop \`npm run local\` and start it again`,
      {
        cause,
      },
    );
  }
}
