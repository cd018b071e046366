import type { Generation } from '../../lambdas/contracts/generations';
import type { Plan } from '../plan/plan';

/** Who performs a rollout at this moment. */
export interface Lock {
  /** Who: the caller's ARN where AWS tells it, else user and host. */
  holder: string;
  /** What for, in one line. */
  purpose: string;
  /** Names this one holding of the lock. */
  token: string;
  since: Date;
  /** After this moment it may be taken from its holder, who renews it while alive. */
  until: Date;
}

/** What a rollout learns while it runs, and what its later steps and a resumed apply need. */
export interface RolloutFacts {
  /** The event-time second up to which the old job is proven to have finished. */
  finishedUntil?: number;
  cutover?: number;
  /** Where the new job begins to read, in epoch seconds of arrival. */
  startAt?: number;
  /** The snapshot to go back to, and the version of the application it belongs to. */
  snapshot?: string;
  previousVersion?: number;
  /** Handover: the second from which the new generation is heard and the old one is not. */
  switchedAt?: number;
  /** Operations of the service that were begun, by the step's index. */
  operations?: Readonly<Record<string, string>>;
}

/** A rollout that was begun and is not over. */
export interface RolloutRecord {
  plan: Plan;
  startedAt: Date;
  startedBy: string;
  direction: 'forward' | 'back';
  /** The step that is under way or comes next, counted in the direction. */
  step: number;
  /** Taken back: how far the steps forward had come. */
  reached?: number;
  facts: RolloutFacts;
  /** Why it is taken back. */
  failure?: string;
}

/** One line of an application's history. */
export interface HistoryEntry {
  /** The plan's id. */
  id: string;
  at: Date;
  who: string;
  /** `apply`, `rollback`, `scale`, … */
  action: string;
  /** What changed, in one line each. */
  changes: readonly string[];
  verdict: Plan['verdict'];
  rollout: Plan['rollout'];
  generation: number;
  releaseHash: string | undefined;
  /** The service's version of the application afterwards. */
  version: number | undefined;
  /** What runs afterwards, so that a later plan sees what was changed by hand since. */
  settings?: Plan['desired'];
  outcome: 'done' | 'taken back' | 'failed';
  /** Why, where it was not done. */
  reason?: string;
  tookSeconds: number;
}

/** Generations as read, with what a conditional write needs. */
export interface StoredGenerations {
  generations: readonly Generation[];
  /** Raised by every write; 0 where there was none. */
  revision: number;
}

/** The port to the orchestrator's items in the control table, of one application. Every call throws a UserFault. */
export interface Control {
  generations(): Promise<StoredGenerations>;
  /** Throws where someone else wrote since `revision` was read. */
  putGenerations(generations: readonly Generation[], revision: number): Promise<void>;
  /** Takes the lock for `leaseSeconds`. Throws a UserFault that names the holder where it is held. */
  takeLock(holder: string, purpose: string, leaseSeconds: number): Promise<Lock>;
  /** Throws where the lock was taken by someone else meanwhile. */
  renewLock(lock: Lock, leaseSeconds: number): Promise<Lock>;
  releaseLock(lock: Lock): Promise<void>;
  readLock(): Promise<Lock | undefined>;
  rollout(): Promise<RolloutRecord | undefined>;
  /** Only the lock's holder may write. */
  writeRollout(record: RolloutRecord, lock: Lock): Promise<void>;
  endRollout(entry: HistoryEntry, lock: Lock): Promise<void>;
  addHistory(entry: HistoryEntry): Promise<void>;
  /** The newest first. */
  history(limit: number): Promise<readonly HistoryEntry[]>;
  close(): void;
}
