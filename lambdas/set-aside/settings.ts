import { type Environment, requiredSetting } from '../delivery/environment';

export interface SetAsideSettings {
  /** A dimension of the metrics. */
  readonly setAsideStream: string;
}

/** Reads the function's environment variables. Throws a SettingError that says what to set. */
export function readSettings(environment: Environment): SetAsideSettings {
  return {
    setAsideStream: requiredSetting(environment, 'SPILLWAY_SET_ASIDE_STREAM', "the set-aside stream's name"),
  };
}
