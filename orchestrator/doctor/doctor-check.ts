import type { Environment } from '../definition/environments';
import type { Definition } from '../definition/read-definition';
import type { ManagedFlink, ObservedApplication } from '../service/application';
import type { AwsEnvironment } from '../service/aws-environment';
import type { Functions } from '../service/functions';
import type { Operator } from '../service/operator';
import type { KinesisStreams } from '../service/described-streams';
import type { Tables } from '../service/tables';

/** What is looked at: an environment and its applications, with what speaks to its services. */
export interface Patient {
  environment: Environment;
  variables: AwsEnvironment;
  /** Those whose files read. */
  definitions: readonly Definition[];
  flink: ManagedFlink;
  streams: KinesisStreams;
  tables: Tables;
  functions: Functions;
  operator: Operator;
  /** What runs of an application; undefined where it was never applied. */
  observed(application: string): Promise<ObservedApplication | undefined>;
  /** Where set-up put the runner's JAR. */
  runnerJar: string;
}

/** How one thing is; `unknown` is what cannot be told from here. */
export interface Finding {
  is: 'ok' | 'wrong' | 'unknown';
  detail: string;
  /** What to do about it. */
  next?: string;
}

/** One check, with a stable code and one line of help. What it throws as a UserFault is wrong. */
export interface DoctorCheck {
  code: string;
  help: string;
  look(patient: Patient): Promise<Finding[]>;
}

export function ok(detail: string): Finding {
  return { is: 'ok', detail };
}

export function wrong(detail: string, next: string): Finding {
  return { is: 'wrong', detail, next };
}

export function unknown(detail: string, next: string): Finding {
  return { is: 'unknown', detail, next };
}
