/**
 * A suspension as the guard sees it. The contract has the same form with a validator; the guard's own types keep that
 * validator, and the package behind it, out of the API's build. A test holds the two together.
 */
export type SuspensionScope = 'writes' | 'everything' | `route:${string}`;

/** The excess that last moved `until`. */
export interface SuspensionReason {
  readonly application: string;
  readonly detection: string;
  readonly resource: string;
  readonly key: string;
  readonly subject: string;
  /** Write units inside the window. */
  readonly units: number;
  /** Write units per window. */
  readonly limit: number;
  /** Epoch seconds; `windowEnd` is exclusive. */
  readonly windowStart: number;
  readonly windowEnd: number;
}

/** A subject may not write until `until`. Both times are epoch milliseconds. */
export interface Suspension {
  readonly version: 1;
  readonly subject: string;
  readonly since: number;
  readonly until: number;
  /** 1 for the first episode; grows by one per episode. */
  readonly offences: number;
  readonly scope: SuspensionScope;
  readonly reason: SuspensionReason;
}
