/**
 * What a guard reports besides its answers.
 *
 * - `current`: it follows the store, for the first time or again.
 * - `stale`: Redis does not answer; the guard goes on with the last set it read.
 * - `push-lost`: changes are not pushed at the moment; the guard polls for them.
 * - `reset`: the store lost what it held; the guard keeps its last set until each entry ends.
 * - `malformed`: something in the store is no suspension this guard understands; its subject is let through.
 * - `subject-failed`: the function that names a request's subject or route threw; the request is let through.
 * - `clock-skew`: this machine's clock is more than a second from Redis's; suspensions end by Redis's.
 * - `metrics-failed`: the function that is given the metrics threw.
 * - `refusals-kept`: counts of refusals could not be written and are kept for the next time.
 * - `refusals-dropped`: so many subjects were refused while Redis was gone that some counts are lost.
 */
export type GuardEventKind =
  | 'current'
  | 'stale'
  | 'push-lost'
  | 'reset'
  | 'malformed'
  | 'subject-failed'
  | 'clock-skew'
  | 'metrics-failed'
  | 'refusals-kept'
  | 'refusals-dropped';

export interface GuardEvent {
  readonly kind: GuardEventKind;
  /** One sentence for people: what, why, and what the guard does about it. */
  readonly message: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export type OnGuardEvent = (event: GuardEvent) => void;
export type Report = (kind: GuardEventKind, message: string) => void;

/** Kinds that one bad entry or function can cause with every request are reported this rarely. */
const repeatedKinds: ReadonlySet<GuardEventKind> = new Set([
  'malformed',
  'subject-failed',
  'clock-skew',
  'metrics-failed',
]);
const repeatedEveryMs = 10_000;

/** Prints events where nobody listens to them, because a guard that lets requests through should say so. */
const printEvent: OnGuardEvent = ({ kind, message }) => {
  console.warn(`spillway guard: ${kind}: ${message}`);
};

/** A reporter that never throws into its caller, whatever the listener does. */
export function createReport(onEvent: OnGuardEvent | undefined, now: () => number): Report {
  const listener = onEvent ?? printEvent;
  const last = new Map<GuardEventKind, number>();
  return (kind, message) => {
    const at = now();
    if (repeatedKinds.has(kind)) {
      const before = last.get(kind);
      if (before !== undefined && at - before < repeatedEveryMs) return;
      last.set(kind, at);
    }
    try {
      listener({ kind, message, at });
    } catch (cause) {
      console.warn(`spillway guard: the listener of its events threw: ${String(cause)}`);
    }
  };
}
