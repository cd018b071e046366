/** The statuses of an application of Managed Flink (API reference, ApplicationDetail). */
export type ApplicationStatus =
  | 'DELETING'
  | 'STARTING'
  | 'STOPPING'
  | 'READY'
  | 'RUNNING'
  | 'UPDATING'
  | 'AUTOSCALING'
  | 'FORCE_STOPPING'
  | 'ROLLING_BACK'
  | 'MAINTENANCE'
  | 'ROLLED_BACK';

/** Everything that can differ between two versions of an application. */
export interface ApplicationSettings {
  runtime: string;
  serviceRole: string;
  bucket: string;
  /** The release's place in the bucket. */
  codeKey: string;
  parallelism: number;
  parallelismPerKpu: number;
  checkpointIntervalSeconds: number;
  /** The property group `spillway`. */
  parameters: Readonly<Record<string, string>>;
}

/** An application as the service describes it. */
export interface ObservedApplication extends ApplicationSettings {
  name: string;
  arn: string;
  status: ApplicationStatus;
  version: number;
  conditionalToken: string;
  createdAt: Date;
  /** The CloudWatch log stream that takes its log; absent where it has no logging option. */
  logStreamArn?: string;
}

/** An operation of the service that takes its time. */
export interface Operation {
  status: 'IN_PROGRESS' | 'CANCELLED' | 'SUCCESSFUL' | 'FAILED';
  error: string | undefined;
}

/** An operation as listed. */
export interface ListedOperation {
  id: string;
  /** Such as `UpdateApplication`. */
  kind: string;
  status: Operation['status'];
  startedAt: Date;
  endedAt: Date | undefined;
}

export interface Snapshot {
  name: string;
  status: 'CREATING' | 'READY' | 'DELETING' | 'FAILED';
  /** The version of the application that it is of. */
  version: number;
  /** In whole seconds; a delete wants exactly this. */
  createdAt: Date;
}

/** What a starting job takes its state from: nothing, the latest snapshot, or a named one. */
export type StateSource = 'none' | 'latest' | { snapshot: string };

/**
 * The port to Managed Flink. Every call throws a UserFault; throttling and concurrent modification by the service itself
 * are tried again within a bound. A call that begins an operation answers the operation's id.
 */
export interface ManagedFlink {
  /** Undefined where there is no such application. */
  describe(name: string): Promise<ObservedApplication | undefined>;
  create(name: string, settings: ApplicationSettings, tags?: Readonly<Record<string, string>>): Promise<void>;
  /**
   * Changes an application; refused if it moved since it was observed. One that runs is restarted by the service from
   * `state`; of one that does not, only the settings change, and there is no operation to wait for.
   */
  update(
    observed: ObservedApplication,
    settings: ApplicationSettings,
    state: StateSource,
  ): Promise<string | undefined>;
  start(name: string, state: StateSource): Promise<string>;
  /** Stops, with a snapshot unless by force. */
  stop(name: string, force: boolean): Promise<string>;
  /** Goes back to the version before, from its snapshot. */
  rollback(observed: ObservedApplication): Promise<string | undefined>;
  delete(observed: ObservedApplication): Promise<void>;
  operation(name: string, id: string): Promise<Operation>;
  /** The latest first. */
  operations(name: string, limit: number): Promise<ListedOperation[]>;
  /** The latest first. */
  snapshots(name: string): Promise<Snapshot[]>;
  createSnapshot(name: string, snapshot: string): Promise<void>;
  deleteSnapshot(name: string, snapshot: Snapshot): Promise<void>;
  tags(observed: ObservedApplication): Promise<Readonly<Record<string, string>>>;
  setTags(observed: ObservedApplication, tags: Readonly<Record<string, string>>): Promise<void>;
  /** The URL of Flink's page for a running application; Flink's REST API is behind it. */
  flinkPage(name: string): Promise<string>;
  close(): void;
}

/** The property group that holds the parameters. */
export const PARAMETER_GROUP = 'spillway';
