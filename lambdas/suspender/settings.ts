import { type Environment, requiredSetting, SettingError } from '../delivery/environment';
import type { RedisPlace } from './redis';

/** Where suspensions lie, as the suspender and the operator function are told by their environments. */
export interface StoreSettings {
  readonly redis: RedisPlace;
  readonly store: string;
  /** Where the policy, exemptions and decisions are kept. @default nowhere */
  readonly controlTable?: string;
  /** Takes what people are to be told. @default nobody is told */
  readonly notificationQueueUrl?: string;
  /** How long every offence suspends while no policy is applied. @default the default policy */
  readonly suspensionSeconds?: number;
}

const longestSuspensionSeconds = 7 * 24 * 3600;

/** Reads the settings. Throws a SettingError that names the variable, its value and what to set. */
export function readSettings(environment: Environment): StoreSettings {
  const suspensionSeconds = readSuspensionSeconds(environment['SPILLWAY_SUSPENSION_SECONDS']);
  const controlTable = environment['SPILLWAY_CONTROL_TABLE'];
  const notificationQueueUrl = environment['SPILLWAY_NOTIFICATION_QUEUE_URL'];
  return {
    redis: readRedis(environment),
    store: environment['SPILLWAY_STORE'] || 'spillway',
    ...(controlTable ? { controlTable } : {}),
    ...(notificationQueueUrl ? { notificationQueueUrl } : {}),
    ...(suspensionSeconds === undefined ? {} : { suspensionSeconds }),
  };
}

function readRedis(environment: Environment): RedisPlace {
  const url = requiredSetting(
    environment,
    'SPILLWAY_REDIS_URL',
    "the suspension store's address, such as redis://host:6379",
  );
  if (!/^rediss?:\/\//.test(url)) {
    // The value is not shown: it may hold a password.
    throw new SettingError(
      'SPILLWAY_REDIS_URL is no Redis address. Set it to redis://host:6379, or to rediss://host:6379 for TLS.',
    );
  }
  const mode = environment['SPILLWAY_REDIS_CLUSTER'] || 'no';
  if (mode !== 'yes' && mode !== 'no') {
    throw new SettingError(
      `SPILLWAY_REDIS_CLUSTER is ${JSON.stringify(mode)}. Set it to yes for a cache in cluster mode, such as ` +
        'ElastiCache Serverless, or to no.',
    );
  }
  const username = environment['SPILLWAY_REDIS_USERNAME'];
  const password = environment['SPILLWAY_REDIS_PASSWORD'];
  const ca = environment['SPILLWAY_REDIS_CA'];
  return {
    url,
    cluster: mode === 'yes',
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...(ca ? { ca } : {}),
  };
}

function readSuspensionSeconds(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= longestSuspensionSeconds) return seconds;
  throw new SettingError(
    `SPILLWAY_SUSPENSION_SECONDS is ${JSON.stringify(text)}. Set it to whole seconds from 1 to ` +
      `${String(longestSuspensionSeconds)}; at least the window, so that the heat has left it when writes resume.`,
  );
}
