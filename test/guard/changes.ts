import type { Cluster, Redis } from 'ioredis';
import type { Suspension } from '../../lambdas/contracts/suspension';
import { suspensionStoreNames } from '../../lambdas/contracts/suspension-store';
import { aRequest } from '../lambdas/suspender/requests';

const names = suspensionStoreNames();

/** A suspension of two minutes, made now. */
export function aSuspension(subject: string, differing: Partial<Suspension> = {}): Suspension {
  const since = Date.now();
  const { excess } = aRequest({ subject });
  const suspension = {
    version: 1,
    subject,
    since,
    until: since + 120_000,
    offences: 1,
    reason: excess,
  } as const;
  return { scope: 'writes', ...suspension, ...differing };
}

/** Writes a suspension as one change of the store, published as every change is. */
export async function suspendAt(
  redis: Redis | Cluster,
  subject: string,
  differing: Partial<Suspension> = {},
): Promise<void> {
  const suspension = aSuspension(subject, differing);
  const json = JSON.stringify(suspension);
  await redis.eval(
    suspendScript,
    4,
    ...keys,
    subject,
    names.changes,
    json,
    String(suspension.until),
    epoch(),
  );
}

/** Ends a suspension as one change of the store. */
export async function liftAt(redis: Redis | Cluster, subject: string): Promise<void> {
  await redis.eval(liftScript, 4, ...keys, subject, names.changes, JSON.stringify(subject), '0', epoch());
}

const keys = [names.active, names.details, names.version, names.epoch] as const;

function epoch(): string {
  return Math.random().toString(36).slice(2);
}

const publish = `
redis.call('SET', KEYS[4], ARGV[5], 'NX')
local version = redis.call('INCR', KEYS[3])
redis.call('PUBLISH', ARGV[2], '{"version":' .. version .. ',"epoch":"' .. redis.call('GET', KEYS[4]) .. '","'
`;
const suspendScript = `
redis.call('ZADD', KEYS[1], ARGV[4], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
${publish} .. 'suspension":' .. ARGV[3] .. '}')
`;
const liftScript = `
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
${publish} .. 'lifted":' .. ARGV[3] .. '}')
`;
