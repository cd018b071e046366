import { type Environment, requiredSetting, SettingError } from '../delivery/environment';
import { defaultSuspensionSeconds } from './length';

/** What the suspender is told by its environment. */
export interface SuspenderSettings {
  readonly redisUrl: string;
  readonly store: string;
  readonly suspensionSeconds: number;
}

const longestSuspensionSeconds = 7 * 24 * 3600;

/** Reads the settings. Throws a SettingError that names the variable, its value and what to set. */
export function readSettings(environment: Environment): SuspenderSettings {
  const redisUrl = requiredSetting(
    environment,
    'SPILLWAY_REDIS_URL',
    "the suspension store's address, such as redis://host:6379",
  );
  if (!/^rediss?:\/\//.test(redisUrl)) {
    // The value is not shown: it may hold a password.
    throw new SettingError(
      'SPILLWAY_REDIS_URL is no Redis address. Set it to redis://host:6379, or to rediss://host:6379 for TLS.',
    );
  }
  return {
    redisUrl,
    store: environment['SPILLWAY_STORE'] || 'spillway',
    suspensionSeconds: readSuspensionSeconds(environment['SPILLWAY_SUSPENSION_SECONDS']),
  };
}

function readSuspensionSeconds(text: string | undefined): number {
  if (text === undefined || text === '') return defaultSuspensionSeconds;
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= longestSuspensionSeconds) return seconds;
  throw new SettingError(
    `SPILLWAY_SUSPENSION_SECONDS is ${JSON.stringify(text)}. Set it to whole seconds from 1 to ` +
      `${String(longestSuspensionSeconds)}; at least the window, so that the heat has left it when writes resume.`,
  );
}
