import type { Policy } from '../contracts/policy';
import type { AskedBy, EpisodeState, SuspensionEvent } from '../contracts/suspension-event';
import type { Suspension } from '../contracts/suspension';

/** A subject that is never suspended until a moment, in epoch milliseconds. */
export interface Exemption {
  readonly subject: string;
  readonly until: number;
  readonly since: number;
  readonly by: AskedBy;
}

export interface AppliedPolicy {
  readonly policy: Policy;
  readonly at: number;
  readonly by: AskedBy;
}

/** What `control` remembers of one subject. */
export interface RememberedSubject {
  readonly subject: string;
  readonly episode: EpisodeState;
  /** The event that this is from. */
  readonly seq: number;
  /** The last one that was in force; it may have ended. */
  readonly suspension?: Suspension | undefined;
}

export interface OpenBreaker {
  readonly openedAt: number;
  readonly suspensionsPerMinute: number;
}

/** Which events of the log. */
export interface EventQuery {
  /** Epoch milliseconds. */
  readonly since: number;
  readonly until: number;
  readonly subject?: string | undefined;
  readonly kind?: SuspensionEvent['kind'] | undefined;
  /** Only events after this `seq`. */
  readonly afterSeq?: number | undefined;
  readonly limit: number;
  /** @default false */
  readonly newestFirst?: boolean;
}

/**
 * What of suspensions outlives Redis: the policy, exemptions, the log of decisions, and what is needed to fill Redis
 * again. Every call throws what the table's service throws.
 */
export interface SuspensionControl {
  readPolicy(): Promise<AppliedPolicy | undefined>;
  writePolicy(applied: AppliedPolicy): Promise<void>;
  exemptions(): Promise<Exemption[]>;
  writeExemption(exemption: Exemption): Promise<void>;
  /** Writes events, and what they say of subjects and of the breaker; the same events again change nothing. */
  writeEvents(events: readonly SuspensionEvent[]): Promise<void>;
  events(query: EventQuery): Promise<SuspensionEvent[]>;
  /** Subjects whose episodes are remembered, page by page. */
  subjects(): AsyncIterable<readonly RememberedSubject[]>;
  breaker(): Promise<OpenBreaker | undefined>;
  close(): void;
}

/** Where there is no control table, nothing outlives Redis, and everything that needs it fails. */
export function noControl(): SuspensionControl {
  const nowhere = (): Promise<never> =>
    Promise.reject(new Error('there is no control table: set SPILLWAY_CONTROL_TABLE for this function'));
  return {
    readPolicy: () => Promise.resolve(undefined),
    writePolicy: nowhere,
    exemptions: () => Promise.resolve([]),
    writeExemption: nowhere,
    writeEvents: () => Promise.resolve(),
    events: nowhere,
    async *subjects() {},
    breaker: () => Promise.resolve(undefined),
    close: () => undefined,
  };
}
