import { type SuspensionStoreNames, suspensionStoreNames } from '../contracts/suspension-store';

/**
 * Every key of a store, in the same hash slot: those that guards read, and those that are the suspender's and the
 * operator function's alone. Guards cannot name the latter: this file is not among those they are made of.
 */
export interface StoreKeys extends SuspensionStoreNames {
  /** Hash: subject to the epoch millisecond until which it is, or was, exempt. */
  readonly exemptions: string;
  /** Is there while everything that `control` holds has been copied; nothing is decided without it. */
  readonly ready: string;
  /** Hash, there while the breaker is open. */
  readonly breaker: string;
  /** Sorted set: requests that suspended somebody anew, by the epoch millisecond of their decision. */
  readonly recent: string;
  /** Sorted set: events by `seq` that are not in `control` yet. */
  readonly outbox: string;
  /** The `seq` of the newest event. */
  readonly seq: string;
  /** Sorted set: `<hour>:<subject>` of each subject whose suspension began in that epoch hour, by the hour. */
  readonly began: string;
  /** Prefix of the hashes, one per epoch hour, of how much of its figures is in a metric already; they expire. */
  readonly meteredPrefix: string;
  /** The same as `active`, `details`, `episodePrefix` and `began`, of decisions that are only recorded. */
  readonly simulated: {
    readonly active: string;
    readonly details: string;
    readonly episodePrefix: string;
    readonly began: string;
  };
}

/** Throws a RangeError for an impossible store name. */
export function storeKeys(store: string): StoreKeys {
  const names = suspensionStoreNames(store);
  const prefix = `{${store}}:`;
  return {
    ...names,
    exemptions: `${prefix}exemptions`,
    ready: `${prefix}ready`,
    breaker: `${prefix}breaker`,
    recent: `${prefix}recent`,
    outbox: `${prefix}outbox`,
    seq: `${prefix}seq`,
    began: `${prefix}began`,
    meteredPrefix: `${prefix}metered:`,
    simulated: {
      active: `${prefix}simulated:active`,
      details: `${prefix}simulated:details`,
      episodePrefix: `${prefix}simulated:episode:`,
      began: `${prefix}simulated:began`,
    },
  };
}

/** How many keys `subjectKeys` gives; the scripts about one subject declare so many. */
export const subjectKeyCount = 13;

/** The keys of a script about one subject and one request, in the order of lua/opening.ts. */
export function subjectKeys(
  keys: StoreKeys,
  subject: string,
  requestId: string,
  simulated = false,
): string[] {
  const { active, details, episodePrefix, began } = simulated ? keys.simulated : keys;
  return [
    active,
    details,
    keys.version,
    keys.epoch,
    episodePrefix + subject,
    keys.requestPrefix + requestId,
    keys.exemptions,
    keys.ready,
    keys.breaker,
    keys.recent,
    keys.outbox,
    keys.seq,
    began,
  ];
}
