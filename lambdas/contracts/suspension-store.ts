import type { Suspension } from './suspension';

/**
 * Where suspensions lie in Redis: what the suspender writes and guards read. All names share one hash slot by
 * the tag in braces, so that one script may touch them together in cluster mode. This file imports only types:
 * it goes into the user's API with the guard.
 */
export interface SuspensionStoreNames {
  /** Sorted set: subject, scored by the epoch millisecond at which its suspension ends. */
  readonly active: string;
  /** Hash: subject to suspension as JSON. It may hold suspensions that have ended: readers go by `until`. */
  readonly details: string;
  /** Number raised by every change of the active set. An end that time brings is none: readers have clocks. */
  readonly version: string;
  /** Random text made with the store; another one tells guards that the store was reset. */
  readonly epoch: string;
  /** Channel on which each change is published, as a StoreChange in JSON. */
  readonly changes: string;
  /** Prefix of the keys that remember a subject's episode and offences; they expire. */
  readonly episodePrefix: string;
  /** Prefix of the keys that remember a decided request; they expire. */
  readonly requestPrefix: string;
  /** Prefix of the hashes that count refused requests by subject, one hash per hour (epoch hour); they expire. */
  readonly refusedPrefix: string;
  /** Prefix of the keys that remember which counts of refusals have been added, so that none is added twice; they expire. */
  readonly refusedOncePrefix: string;
}

/** One change of the active set: a suspension made or extended, or the subject whose suspension was lifted. */
export type StoreChange = {
  /** The version that this change made; each change raises it by one. */
  readonly version: number;
  readonly epoch: string;
} & ({ readonly suspension: Suspension } | { readonly lifted: string });

/**
 * The names for a store; `store` separates several Spillways on one Redis. Throws a RangeError for a name that
 * would spoil the hash tag.
 */
export function suspensionStoreNames(store = 'spillway'): SuspensionStoreNames {
  if (!/^[A-Za-z0-9_.:-]{1,64}$/.test(store)) {
    throw new RangeError(
      `the store's name is ${JSON.stringify(store)}. It stands between braces in every Redis key, so it must be ` +
        '1 to 64 letters, digits or the characters _ . : - ; for example "spillway".',
    );
  }
  const prefix = `{${store}}:`;
  return {
    active: `${prefix}active`,
    details: `${prefix}details`,
    version: `${prefix}version`,
    epoch: `${prefix}epoch`,
    changes: `${prefix}changes`,
    episodePrefix: `${prefix}episode:`,
    requestPrefix: `${prefix}request:`,
    refusedPrefix: `${prefix}refused:`,
    refusedOncePrefix: `${prefix}refused-once:`,
  };
}
