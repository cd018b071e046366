import type { Span } from '../comparison/compare-excesses';
import type { Plan } from '../plan/plan';
import type { Progress } from '../report/progress';
import type { CodeStore } from '../service/code-store';
import type { Control, RolloutFacts } from '../service/control';
import type { ManagedFlink } from '../service/application';

/** How two generations' excesses compare over seconds that both have finished. */
export interface ExcessComparison {
  holds: boolean;
  /** How it stands, for people. */
  detail: string;
}

/** What a rollout works with. */
export interface Rolling {
  flink: ManagedFlink;
  code: CodeStore;
  control: Control;
  progress: Progress;
  /** The JAR of the release at this place in the code bucket; undefined where the files at hand make another. */
  jarOf(codeKey: string): Uint8Array | undefined;
  /** Compares what two generations said of a span; where it is not given, the gate is left out, and that is said. */
  compareExcesses?:
    ((of: { old: number; next: number }, span: Span) => Promise<ExcessComparison>) | undefined;
  /**
   * Puts the excesses of a generation from a second on to the excess stream again: nobody acted on them, because
   * another generation was heard then, once every alerter hears it. Answers how many.
   */
  restate?: ((generation: number, fromSecond: number) => Promise<number>) | undefined;
  /** Throws where the lock is no longer held. */
  alive(): void;
  /** The most that one operation of the service may take, in seconds. */
  operationLimitSeconds: number;
}

/** One step's view of the rollout that it belongs to. */
export interface Under extends Rolling {
  plan: Plan;
  /** Names the step in `facts.operations`: its index, and before it `back-` where the rollout is taken back. */
  key: string;
  facts(): RolloutFacts;
  /** Keeps what was learned, so that a command that comes after a killed one knows it. */
  learn(facts: RolloutFacts): Promise<void>;
}

/** How often the service is asked while something is waited for. */
export const POLL_EVERY_MS = 500;
