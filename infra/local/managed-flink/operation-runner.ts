import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ApplicationStatus } from '@aws-sdk/client-kinesis-analytics-v2';
import type { ApplicationStore } from './application-store';
import { messageOf } from './faults';
import type { ApplicationRecord, OperationRecord } from './records';
import type { Point, Troubles } from './troubles';

/** Old operations are forgotten, so that the state file stays small. */
const KEPT_OPERATIONS = 200;

/** What an operation may ask for while it goes on. */
export interface Progress {
  /** Aborted when a forced stop, a rollback or a delete takes over. */
  signal: AbortSignal;
  /** Where trouble may strike. */
  reach(point: Point): Promise<void>;
}

export interface Work {
  operation: string;
  /** The application's status while the work goes on. */
  during: ApplicationStatus;
  versionFrom?: number;
  /** Does it, and answers the status that follows. */
  perform(progress: Progress): Promise<ApplicationStatus>;
  /** The status that follows a failure, and the rollback to begin where there is to be one. */
  afterFailure(): Promise<{ status: ApplicationStatus; rollback?: () => OperationRecord }>;
}

/** Carries out the long-running operations: each moves an application through one status to another. */
export class OperationRunner {
  private closed = false;
  private readonly underWay = new Map<string, { abort: AbortController; done: Promise<void> }>();

  constructor(
    private readonly store: ApplicationStore,
    private readonly troubles: Troubles,
    /** How long a passing status is seen at least. */
    private readonly leastTransitionMs: number,
  ) {}

  /** Whether the endpoint is being stopped: then nothing is to be concluded from what was cut off. */
  get isClosed(): boolean {
    return this.closed;
  }

  /** Begins the work; the application has its passing status when this returns. */
  begin(application: ApplicationRecord, work: Work): OperationRecord {
    const operation = newOperation(application, work.operation, work.versionFrom);
    application.status = work.during;
    this.keep(application, operation);
    const abort = new AbortController();
    const done = this.carryThrough(application, operation, work, abort.signal);
    this.underWay.set(application.name, { abort, done });
    return operation;
  }

  /** Writes an operation down that was done at once. */
  note(application: ApplicationRecord, operation: string, versionFrom: number): OperationRecord {
    const noted = newOperation(application, operation, versionFrom);
    noted.status = 'SUCCESSFUL';
    this.keep(application, noted);
    return noted;
  }

  /** Cuts off what is under way for an application; the answer resolves when it has let go. */
  takeOver(application: ApplicationRecord, reason: string): Promise<void> {
    const before = this.underWay.get(application.name);
    before?.abort.abort(new Error(reason));
    return before?.done ?? Promise.resolve();
  }

  /** Something that leaves the application's status alone. */
  aside(name: string, perform: (signal: AbortSignal) => Promise<void>): void {
    const abort = new AbortController();
    const entry = {
      abort,
      done: Promise.all([perform(abort.signal), this.leastWhile(abort.signal)]).then(() => {
        if (this.underWay.get(name) === entry) this.underWay.delete(name);
      }),
    };
    this.underWay.set(name, entry);
  }

  /** Passes after the time for which a passing status is to be seen, or when cut off. */
  leastWhile(signal: AbortSignal): Promise<void> {
    return pause(this.leastTransitionMs, undefined, { signal }).catch(() => undefined);
  }

  /** Ends the waiting; what was under way stays as it is, on Flink and in the state file. */
  async close(): Promise<void> {
    this.closed = true;
    const all = [...this.underWay.values()];
    for (const { abort } of all) abort.abort(new Error('the endpoint was stopped'));
    await Promise.all(all.map(({ done }) => done));
  }

  private async carryThrough(
    application: ApplicationRecord,
    operation: OperationRecord,
    work: Work,
    signal: AbortSignal,
  ): Promise<void> {
    const reach = (point: Point): Promise<void> =>
      this.troubles.reach(point, work.operation, application.name, signal);
    const least = this.leastWhile(signal);
    try {
      await reach('begin');
      const status = await work.perform({ signal, reach });
      await least;
      await reach('end');
      signal.throwIfAborted();
      application.status = status;
      end(operation, 'SUCCESSFUL');
    } catch (thrown) {
      if (this.closed) return;
      await least;
      const after = signal.aborted ? undefined : await work.afterFailure();
      if (after === undefined || signal.aborted) {
        // Whoever aborted has given the application its next status.
        end(operation, 'CANCELLED', messageOf(signal.reason));
      } else {
        end(operation, 'FAILED', messageOf(thrown));
        application.status = after.status;
        operation.rollbackOperationId = after.rollback?.().id;
      }
    }
    if (this.store.has(application.name)) this.store.save(application);
  }

  private keep(application: ApplicationRecord, operation: OperationRecord): void {
    application.operations = [operation, ...application.operations].slice(0, KEPT_OPERATIONS);
    this.store.save(application);
  }
}

/** Writes down how an operation ended. */
export function end(operation: OperationRecord, status: OperationRecord['status'], error?: string): void {
  operation.status = status;
  operation.endedMs = Date.now();
  operation.error = error;
}

function newOperation(
  application: ApplicationRecord,
  operation: string,
  versionFrom: number | undefined,
): OperationRecord {
  const nowMs = Date.now();
  return {
    id: randomUUID(),
    operation,
    status: 'IN_PROGRESS',
    startedMs: nowMs,
    endedMs: nowMs,
    ...(versionFrom !== undefined && { versionFrom, versionTo: application.version }),
  };
}
