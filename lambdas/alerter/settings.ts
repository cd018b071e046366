import { type Environment, requiredSetting } from '../delivery/environment';

export interface AlerterSettings {
  readonly requestQueueUrl: string;
  readonly setAsideStream: string;
  /** Undefined where every generation is heard. */
  readonly controlTable: string | undefined;
  /** The function's own name, which Lambda sets: a dimension of its metrics. */
  readonly functionName: string;
}

/** Reads the function's environment variables. Throws a SettingError that says what to set. */
export function readSettings(environment: Environment): AlerterSettings {
  return {
    requestQueueUrl: requiredSetting(
      environment,
      'SPILLWAY_REQUEST_QUEUE_URL',
      'the URL of the queue of suspension requests',
    ),
    setAsideStream: requiredSetting(environment, 'SPILLWAY_SET_ASIDE_STREAM', "the set-aside stream's name"),
    controlTable: environment['SPILLWAY_CONTROL_TABLE'] || undefined,
    functionName: environment['AWS_LAMBDA_FUNCTION_NAME'] || 'alerter',
  };
}
