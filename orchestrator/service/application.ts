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
  status: ApplicationStatus;
  version: number;
  conditionalToken: string;
  createdAt: Date;
}

/** An operation of the service that takes its time. */
export interface Operation {
  status: 'IN_PROGRESS' | 'CANCELLED' | 'SUCCESSFUL' | 'FAILED';
  error: string | undefined;
}

/** The port to Managed Flink, as far as applying and showing need it. Every call throws a UserFault. */
export interface ManagedFlink {
  /** Undefined where there is no such application. */
  describe(name: string): Promise<ObservedApplication | undefined>;
  create(name: string, settings: ApplicationSettings): Promise<void>;
  /** Changes an application that does not run; refused if it moved since it was observed. */
  updateStopped(observed: ObservedApplication, settings: ApplicationSettings): Promise<void>;
  /** Starts with an empty state: no snapshot is restored. Answers the operation's id. */
  startWithoutState(name: string): Promise<string>;
  /** Stops, with a snapshot unless by force. Answers the operation's id. */
  stop(name: string, force: boolean): Promise<string>;
  operation(name: string, id: string): Promise<Operation>;
  /** The URL of Flink's page for a running application; Flink's REST API is behind it. */
  flinkPage(name: string): Promise<string>;
  close(): void;
}

/** The property group that holds the parameters. */
export const PARAMETER_GROUP = 'spillway';
