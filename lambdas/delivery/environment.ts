/** A function's environment variables: `process.env` in Lambda, an object in a local system or a test. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that is missing or wrong. Its message names the variable, its value and what to set. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** The value of a variable that must be set. Throws a SettingError that says what it is for. */
export function requiredSetting(environment: Environment, variable: string, meaning: string): string {
  const value = environment[variable];
  if (value !== undefined && value !== '') return value;
  throw new SettingError(`${variable} is not set. Set it to ${meaning}.`);
}

export interface ClientSettings {
  region: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/**
 * What an AWS client is built with, read from the variables the AWS SDKs themselves know. They are read from the
 * given environment instead of the process's, so that several functions can run in one process, each with its own.
 *
 * @param service the end of the service's endpoint variable, such as `KINESIS` for `AWS_ENDPOINT_URL_KINESIS`
 */
export function clientSettings(environment: Environment, service: string): ClientSettings {
  const region = requiredSetting(environment, 'AWS_REGION', "the function's region, such as us-east-1");
  const endpoint = environment[`AWS_ENDPOINT_URL_${service}`];
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = environment['AWS_SESSION_TOKEN'];
  const settings: ClientSettings = { region };
  if (endpoint) settings.endpoint = endpoint;
  if (accessKeyId && secretAccessKey) {
    settings.credentials = { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
  }
  return settings;
}
