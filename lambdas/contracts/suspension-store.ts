/**
 * Where suspensions lie in Redis: what the suspender writes and guards read. All names share one hash slot by
 * the tag in braces, so that one script may touch them together in cluster mode. This file imports nothing: it
 * goes into the user's API with the guard.
 */
export interface SuspensionStoreNames {
  /** Sorted set: subject, scored by the epoch millisecond at which its suspension ends. */
  readonly active: string;
  /** Hash: subject to suspension as JSON. */
  readonly details: string;
  /** Number raised by every change of the active set. */
  readonly version: string;
  /** Random text made with the store; another one tells guards that the store was reset. */
  readonly epoch: string;
  /** Channel on which each change is published: `{"version":n,"epoch":"…"}` and the changed suspension or lift. */
  readonly changes: string;
  /** Prefix of the keys that remember a subject's episode and offences; they expire. */
  readonly episodePrefix: string;
  /** Prefix of the keys that remember a decided request; they expire. */
  readonly requestPrefix: string;
  /** Prefix of the hashes that count refused requests by subject, one hash per hour (epoch hour); they expire. */
  readonly refusedPrefix: string;
}

/** The names for a store; `store` separates several Spillways on one Redis. */
export function suspensionStoreNames(store = 'spillway'): SuspensionStoreNames {
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
  };
}
