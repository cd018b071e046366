import { z } from 'zod';
import { Fault, FAULT_NAMES } from './faults';

/** Where in an operation trouble can strike: before anything, before the new job, before the operation ends. */
export type Point = 'begin' | 'launch' | 'end';

const once = { application: z.string().optional(), times: z.number().int().min(1).default(1) };
const operation = z.enum([
  'StartApplication',
  'StopApplication',
  'UpdateApplication',
  'RollbackApplication',
  'DeleteApplication',
  'ApplicationMaintenance',
  'ApplicationAutoScaling',
]);
const point = z.enum(['begin', 'launch', 'end']);

/** Trouble as it is asked for, in an option or over HTTP. */
export const troubleRequest = z.discriminatedUnion('kind', [
  /** An action is refused, with the given error, before it does anything. */
  z.strictObject({
    kind: z.literal('refuse'),
    action: z.string(),
    error: z.enum(FAULT_NAMES),
    message: z.string().optional(),
    ...once,
  }),
  /** An action is done, but its answer never arrives: the connection breaks. */
  z.strictObject({ kind: z.literal('lose-answer'), action: z.string(), ...once }),
  /** An operation fails at a point, for the given reason. */
  z.strictObject({ kind: z.literal('fail'), operation, point, reason: z.string(), ...once }),
  /** An operation stays where it is until it is released, or cut off by a forced stop, a rollback or a delete. */
  z.strictObject({ kind: z.literal('hold'), operation, point, ...once }),
]);

export type TroubleRequest = z.input<typeof troubleRequest>;
export type Trouble = z.output<typeof troubleRequest>;

/** What goes wrong on purpose, so that a client's reaction to it can be tested. */
export class Troubles {
  private waiting: Trouble[] = [];
  private readonly held = new Set<() => void>();

  constructor(initial: readonly TroubleRequest[] = []) {
    for (const trouble of initial) this.add(trouble);
  }

  add(request: TroubleRequest): void {
    this.waiting.push(troubleRequest.parse(request));
  }

  /** What has not struck as often as it is to. */
  left(): readonly Trouble[] {
    return this.waiting;
  }

  /** Forgets all trouble and lets go of the operations that are held. */
  clear(): void {
    this.waiting = [];
    for (const release of this.held) release();
  }

  /** Throws where the action is to be refused. */
  refuse(action: string, application: string | undefined): void {
    const trouble = this.strike(
      (other): other is Trouble & { kind: 'refuse' } => other.kind === 'refuse' && other.action === action,
      application,
    );
    if (trouble === undefined) return;
    throw new Fault(trouble.error, trouble.message ?? `${trouble.error}, as a test asked for`);
  }

  /** Whether the answer to the action is to be lost. */
  losesAnswer(action: string, application: string | undefined): boolean {
    const trouble = this.strike(
      (other): other is Trouble & { kind: 'lose-answer' } =>
        other.kind === 'lose-answer' && other.action === action,
      application,
    );
    return trouble !== undefined;
  }

  /** Throws, or waits, where an operation of the application is to fail or to be held at the point. */
  async reach(at: Point, operation: string, application: string, signal: AbortSignal): Promise<void> {
    const trouble = this.strike(
      (other): other is Trouble & { kind: 'fail' | 'hold' } =>
        (other.kind === 'fail' || other.kind === 'hold') &&
        other.operation === operation &&
        other.point === at,
      application,
    );
    if (trouble?.kind === 'fail') throw new Error(trouble.reason);
    if (trouble?.kind === 'hold') await this.untilReleased(signal);
  }

  private untilReleased(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.held.delete(end);
        signal.removeEventListener('abort', end);
        if (signal.aborted) reject(signal.reason as Error);
        else resolve();
      };
      this.held.add(end);
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
  }

  /** Takes the first trouble that fits, once less to come. */
  private strike<T extends Trouble>(
    fits: (trouble: Trouble) => trouble is T,
    application: string | undefined,
  ): T | undefined {
    const found = this.waiting.find(
      (trouble): trouble is T =>
        fits(trouble) && (trouble.application === undefined || trouble.application === application),
    );
    if (found === undefined) return undefined;
    found.times -= 1;
    if (found.times === 0) this.waiting = this.waiting.filter((trouble) => trouble !== found);
    return found;
  }
}
