import { type Cluster, Redis, type RedisOptions } from 'ioredis';
import { suspensionStoreNames } from '../lambdas/contracts/suspension-store';
import type { StoreTime } from './clock';
import { addRefusalsScript } from './lua/add-refusals';

/** Where Redis is: a URL, ioredis options, or a client of ioredis, whose settings are copied for the guard's own connections. */
export type RedisLocation = string | RedisOptions | Redis | Cluster;

/** Where the store stands: another epoch means it was reset; the empty text means that it holds nothing yet. */
export interface StoreStamp {
  readonly epoch: string;
  readonly version: number;
}

/** Counts of one hour, under a name that makes adding them twice the same as adding them once. */
export interface RefusalBatch {
  readonly id: string;
  /** Hours since 1970. */
  readonly hour: number;
  readonly counts: readonly (readonly [subject: string, count: number])[];
}

export interface StoreListener {
  /** Redis answers commands, for the first time or again. */
  onReady(): void;
  /** From now on changes are pushed; what was changed before may have been missed. */
  onSubscribed(): void;
  onChange(text: string): void;
  onDown(connection: 'commands' | 'push', reason: string): void;
}

/** The guard's port to Redis. Every call fails within two seconds when Redis does not answer. */
export interface StoreConnection {
  open(listener: StoreListener): void;
  readStamp(): Promise<StoreStamp>;
  /** The stamp, and every suspension as the text the store holds, all of the same moment. */
  readAll(): Promise<StoreStamp & { readonly suspensions: readonly string[] }>;
  /** What Redis's own clock says; undefined where it may not be asked. */
  readTime(): Promise<StoreTime | undefined>;
  addRefusals(batch: RefusalBatch): Promise<void>;
  close(): void;
}

const answerTimeoutMs = 2_000;
/** A connection on which nothing answers a command for so long is dead, whatever the socket says. */
const silentSocketMs = 10_000;
const hourHashSeconds = 7 * 24 * 3600;
const refusedOnceSeconds = 24 * 3600;

/** The store at the given place. Throws a RangeError for an impossible store name; connects when opened. */
export function redisStoreConnection(location: RedisLocation, store: string | undefined): StoreConnection {
  const names = suspensionStoreNames(store);
  const commands = connectionTo(location, 'spillway-guard');
  const push = connectionTo(location, 'spillway-guard-push');
  let subscribed = false;
  const subscribe = (listener: StoreListener): void => {
    push.subscribe(names.changes).then(
      () => {
        subscribed = true;
        listener.onSubscribed();
      },
      (cause: unknown) => {
        listener.onDown('push', textOf(cause));
      },
    );
  };
  let resubscribe = (): void => undefined;
  return {
    open(listener) {
      follow(commands, 'commands', listener, () => {
        listener.onReady();
      });
      push.on('message', (_channel: string, text: string) => {
        listener.onChange(text);
      });
      push.on('close', () => {
        subscribed = false;
      });
      resubscribe = () => {
        subscribe(listener);
      };
      follow(push, 'push', listener, resubscribe);
    },
    async readStamp() {
      if (push.status === 'ready') {
        // Keeps the quiet connection honest: when this stays unanswered, the socket's timeout closes it.
        if (subscribed) push.ping().catch(() => undefined);
        // A subscription that failed on a connection that lives (slow, or not yet permitted) is tried again.
        else resubscribe();
      }
      const [epoch, version] = await commands.mget(names.epoch, names.version);
      return stampOf(epoch, version);
    },
    async readAll() {
      const answers = await commands.multi().get(names.epoch).get(names.version).hvals(names.details).exec();
      const [epoch, version, suspensions] = (answers ?? []).map(([error, answer]) => {
        if (error) throw error;
        return answer;
      });
      return {
        ...stampOf(epoch, version),
        suspensions: Array.isArray(suspensions) ? suspensions.map(String) : [],
      };
    },
    async readTime() {
      const askedMs = performance.now();
      try {
        const [seconds, microseconds] = await commands.time();
        const storeMs = Number(seconds) * 1000 + Number(microseconds) / 1000;
        if (!Number.isFinite(storeMs)) return undefined;
        return { storeMs, roundTripMs: performance.now() - askedMs };
      } catch {
        return undefined;
      }
    },
    async addRefusals({ id, hour, counts }) {
      await commands.eval(
        addRefusalsScript,
        2,
        names.refusedPrefix + String(hour),
        names.refusedOncePrefix + id,
        hourHashSeconds,
        refusedOnceSeconds,
        ...counts.flat(),
      );
    },
    close() {
      commands.disconnect();
      push.disconnect();
    },
  };
}

function stampOf(epoch: unknown, version: unknown): StoreStamp {
  return { epoch: typeof epoch === 'string' ? epoch : '', version: Number(version ?? 0) };
}

/** Listens to a connection's ups and downs. `error` has a listener always: without one ioredis prints it. */
function follow(
  client: Redis | Cluster,
  name: 'commands' | 'push',
  listener: StoreListener,
  onReady: () => void,
): void {
  let reason = 'the connection was closed';
  client.on('error', (error: unknown) => {
    reason = textOf(error);
  });
  client.on('ready', onReady);
  client.on('close', () => {
    listener.onDown(name, reason);
  });
  // A connection that cannot be made reports itself through `close`, and is tried again.
  client.connect().catch(() => undefined);
}

function connectionTo(location: RedisLocation, connectionName: string): Redis | Cluster {
  const node = {
    connectTimeout: answerTimeoutMs,
    commandTimeout: answerTimeoutMs,
    disconnectTimeout: 500,
    autoResendUnfulfilledCommands: false,
    keepAlive: 10_000,
    socketTimeout: silentSocketMs,
    connectionName,
    // A primary that became a replica takes no counts: the name leads to the new one with a new connection.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    // What the API's own client prefixes or maps has no place in the store's names and answers.
    keyPrefix: '',
    replyMapping: 'legacy',
  } satisfies RedisOptions;
  // A command belongs to its moment: one that cannot be sent now fails, and the next poll asks anew.
  const both = { lazyConnect: true, enableOfflineQueue: false, keyPrefix: '' };
  const settings = {
    ...node,
    ...both,
    maxRetriesPerRequest: 0,
    // The guard subscribes itself with each connection, because it must compare the set after that.
    autoResubscribe: false,
    retryStrategy: retryAfterMs,
  } satisfies RedisOptions;
  if (typeof location === 'string') return new Redis(location, settings);
  if (!('duplicate' in location)) return new Redis({ ...location, ...settings });
  if (!isCluster(location)) return location.duplicate(settings);
  return location.duplicate([], {
    ...both,
    clusterRetryStrategy: retryAfterMs,
    // A replica may be behind: the versions it names would look like a reset.
    scaleReads: 'master',
    redisOptions: { ...location.options.redisOptions, ...node },
  });
}

/** Spread, so that guards that lost the same Redis do not all come back in the same moment. */
function retryAfterMs(attempt: number): number {
  return Math.min(50 * attempt, 1_000) * (0.75 + Math.random() / 2);
}

function isCluster(client: Redis | Cluster): client is Cluster {
  return client.isCluster;
}

function textOf(cause: unknown): string {
  return cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
}
