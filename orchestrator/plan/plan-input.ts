import type { Generation } from '../../lambdas/contracts/generations';
import type {
  ApplicationSettings,
  ListedOperation,
  ObservedApplication,
  Snapshot,
} from '../service/application';
import type { HistoryEntry, Lock, RolloutRecord, StoredGenerations } from '../service/control';
import type { RolloutKind } from './plan';

/** What a comparison of two compiled plans says about one thing that differs. */
export interface PlanVerdict {
  verdict: 'compatible' | 'incompatible';
  /** Stable: the rule's. */
  code: string;
  reason: string;
  /** The node of the compiled plan. */
  node: string;
  /** The detection that it belongs to, by its file's name; absent where it feeds several. */
  detection?: string;
}

/** An application's files, by path inside its folder. */
export type Files = ReadonlyMap<string, string>;

export interface WantedApplication {
  settings: ApplicationSettings;
  /** Tags it shall have; others that it has are left alone. */
  tags: Readonly<Record<string, string>>;
  releaseHash: string;
  files: Files;
  /** Rendered; undefined where it is that of the deployed release. */
  sql: string | undefined;
}

/** The release that runs, as taken out of its JAR. */
export interface DeployedRelease {
  files: Files;
  sql: string | undefined;
  /** Entries of the JAR that are not the application's files and differ from the wanted release's. */
  changedCode: readonly string[];
}

/** What is there now. */
export interface ObservedWorld {
  /** The application in the live slot, and the one in the other; undefined where there is none. */
  live: ObservedApplication | undefined;
  free: ObservedApplication | undefined;
  tags: Readonly<Record<string, string>>;
  /** Of the live application, the latest first. */
  snapshots: readonly Snapshot[];
  /** Of the live application, the latest first. */
  operations: readonly ListedOperation[];
  /** Undefined where spillway did not make it, or where it is no longer in the code bucket. */
  deployed: DeployedRelease | undefined;
  /** Flink's own word for the live job, such as RUNNING or RESTARTING; undefined where none is known. */
  jobState: string | undefined;
}

export interface PlanOptions {
  /** In place of the cheapest. */
  rollout?: RolloutKind | undefined;
  /** Run the new release beside the live one, not heard. */
  shadow?: boolean | undefined;
  /** The longest pause that is accepted. */
  maxPauseSeconds?: number | undefined;
  /** Go on where the usage stream no longer keeps everything that would have to be read again. */
  acceptGap?: boolean | undefined;
}

/** Everything a plan is made of. */
export interface PlanInput {
  /** The logical name. */
  application: string;
  environment: { name: string; account: string; region: string };
  /** The name in the service of the blue slot. */
  serviceName: string;
  madeBy: string;
  now: Date;
  wanted: WantedApplication;
  observed: ObservedWorld;
  generations: StoredGenerations;
  rollout: RolloutRecord | undefined;
  lock: Lock | undefined;
  /** The newest first. */
  history: readonly HistoryEntry[];
  verdicts: readonly PlanVerdict[];
  /** How long the usage stream keeps records. */
  usageRetentionSeconds: number;
  options: PlanOptions;
}

export type Slot = Generation['slot'];
