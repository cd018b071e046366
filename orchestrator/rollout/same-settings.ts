import { isDeepStrictEqual } from 'node:util';
import type { ApplicationSettings } from '../service/application';

/** Whether two versions of an application would run the same: the code, each setting and each parameter. Pure. */
export function sameSettings(one: ApplicationSettings, other: ApplicationSettings): boolean {
  return isDeepStrictEqual(settingsOf(one), settingsOf(other));
}

/** Without what an application as observed has besides. */
function settingsOf(settings: ApplicationSettings): ApplicationSettings {
  const { runtime, serviceRole, bucket, codeKey, parameters } = settings;
  const { parallelism, parallelismPerKpu, checkpointIntervalSeconds } = settings;
  return {
    ...{ runtime, serviceRole, bucket, codeKey, parallelism, parallelismPerKpu, checkpointIntervalSeconds },
    parameters: { ...parameters },
  };
}
