import { Cluster, Redis, type RedisOptions, type Result } from 'ioredis';
import {
  addScript,
  exemptScript,
  liftScript,
  recordPolicyScript,
  resetBreakerScript,
  unexemptScript,
} from './lua/by-hand';
import { finishRestoreScript, meterScript, restoreScript, sweepScript } from './lua/keep';
import { suspendScript } from './lua/suspend';
import { subjectKeyCount } from './store-keys';

type Argument = string | number;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    spillwaySuspend(...keysAndArguments: Argument[]): Result<unknown, Context>;
    spillwayLift(...keysAndArguments: Argument[]): Result<unknown, Context>;
    spillwayAdd(...keysAndArguments: Argument[]): Result<unknown, Context>;
    spillwayExempt(...keysAndArguments: Argument[]): Result<unknown, Context>;
    spillwayUnexempt(...keysAndArguments: Argument[]): Result<unknown, Context>;
    spillwayResetBreaker(...keysAndArguments: Argument[]): Result<unknown, Context>;
    spillwayRecordPolicy(...keysAndArguments: Argument[]): Result<unknown, Context>;
    spillwaySweep(...keysAndArguments: Argument[]): Result<unknown, Context>;
    /** The number of its keys comes first. */
    spillwayRestore(...keysAndArguments: Argument[]): Result<unknown, Context>;
    spillwayFinishRestore(...keysAndArguments: Argument[]): Result<unknown, Context>;
    spillwayMeter(...keysAndArguments: Argument[]): Result<unknown, Context>;
  }
}

const aboutOneSubject = (lua: string) => ({ lua, numberOfKeys: subjectKeyCount });

const scripts = {
  spillwaySuspend: aboutOneSubject(suspendScript),
  spillwayLift: aboutOneSubject(liftScript),
  spillwayAdd: aboutOneSubject(addScript),
  spillwayExempt: aboutOneSubject(exemptScript),
  spillwayUnexempt: aboutOneSubject(unexemptScript),
  spillwayResetBreaker: aboutOneSubject(resetBreakerScript),
  spillwayRecordPolicy: aboutOneSubject(recordPolicyScript),
  spillwaySweep: aboutOneSubject(sweepScript),
  spillwayRestore: { lua: restoreScript },
  spillwayFinishRestore: { lua: finishRestoreScript, numberOfKeys: 6 },
  spillwayMeter: { lua: meterScript, numberOfKeys: 1 },
};

export type RedisClient = Redis | Cluster;

/** Where Redis is and how it is spoken to. */
export interface RedisPlace {
  /** `redis://host:6379`, or `rediss://host:6379` for TLS. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Cluster mode, which ElastiCache Serverless has always. @default false */
  readonly cluster?: boolean;
  /** The certificate authority of a server whose certificate Node does not trust by itself, as PEM. */
  readonly ca?: string;
}

const answerTimeoutMs = 2_000;

/**
 * A client that connects with its first use and comes back by itself; a command that gets no answer within two seconds
 * fails, which is safe because scripts are idempotent.
 */
export function redisClient(place: RedisPlace, connectionName: string): RedisClient {
  const { username, password, ca } = place;
  const settings = {
    connectTimeout: answerTimeoutMs,
    commandTimeout: answerTimeoutMs,
    disconnectTimeout: 500,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt: number) => Math.min(50 * attempt, 1_000),
    connectionName,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { tls: { ca } }),
  } satisfies RedisOptions;
  const client =
    place.cluster === true ? clusterClient(place.url, settings) : singleClient(place.url, settings);
  // Each command reports its own failure; without a listener ioredis would print every attempt to connect.
  client.on('error', () => undefined);
  return client;
}

type Settings = Omit<RedisOptions, 'replyMapping'>;

function singleClient(url: string, settings: Settings): Redis {
  return new Redis(url, { ...settings, lazyConnect: true, scripts });
}

function clusterClient(url: string, settings: Settings): Cluster {
  const { protocol, hostname, port, username, password } = new URL(url);
  const isTls = protocol === 'rediss:';
  return new Cluster([{ host: hostname, port: Number(port || 6379) }], {
    lazyConnect: true,
    scripts,
    // ElastiCache's certificate names the host; an address that was looked up would not match it.
    dnsLookup: (address, callback) => {
      callback(null, address);
    },
    clusterRetryStrategy: (attempt) => Math.min(50 * attempt, 1_000),
    redisOptions: {
      ...(username === '' ? {} : { username: decodeURIComponent(username) }),
      ...(password === '' ? {} : { password: decodeURIComponent(password) }),
      ...settings,
      ...(isTls ? { tls: settings.tls ?? {} } : {}),
    },
  });
}
