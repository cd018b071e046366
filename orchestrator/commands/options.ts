import { durationSeconds } from '../definition/parameters';
import { UserFault } from '../user-fault';

/** Options that every command has. */
export interface CommonOptions {
  env: string;
  json: boolean;
  /** Folder with the applications. */
  definitions: string;
  /** The file that says where applications run; `environments.json` of the definitions unless given. */
  environments?: string;
  /** The file that `npm run local` writes. */
  localState: string;
}

export interface ApplyOptions extends CommonOptions {
  /** `name=value` for parameters. */
  set?: string[];
  /** The runner's JAR. */
  runner: string;
}

export interface PlanCommandOptions extends ApplyOptions {
  /** In place of the cheapest that misses nothing. */
  rollout?: string;
  /** Run the new release beside the live one, not heard. */
  shadow?: boolean;
  /** The longest pause that is accepted, such as `10s`. */
  maxPause?: string;
  /** Miss what the usage stream no longer keeps. */
  acceptGap?: boolean;
  /** Where to write the plan. */
  out?: string;
  /** Where set-up put Flink's libraries, and where plans are kept. */
  workFolder: string;
}

export interface ApplyCommandOptions extends PlanCommandOptions {
  /** Do not ask. */
  yes: boolean;
  /** Take an interrupted rollout back, and do nothing else. */
  takeBack: boolean;
  /** How long the lock outlives a killed command, such as `60s`. */
  lease: string;
  /** The longest one operation of the service may take, such as `10m`. */
  operationLimit: string;
}

export interface RollbackCommandOptions extends ApplyCommandOptions {
  /** The generation to go back to; the one before unless given. */
  to?: string;
}

export interface RenderOptions extends ApplyOptions {
  /** Where set-up put Flink's libraries. */
  workFolder: string;
}

export interface ValidateOptions extends CommonOptions {
  /** Let Flink plan the SQL as well. */
  plan: boolean;
  format: 'text' | 'github';
  /** The runner's JAR. */
  runner: string;
  /** Where set-up put Flink's libraries. */
  workFolder: string;
}

export interface RedriveOptions extends CommonOptions {
  /** The bucket with the failed batches; the environment's unless given. */
  bucket?: string;
  /** Only batches of this function. */
  function?: string;
  dryRun: boolean;
  limit: string;
}

export interface CalibrateOptions extends CommonOptions {
  /** Only this table and its indexes. */
  table?: string;
  since: string;
  lag: string;
}

export interface CompareOptions extends CommonOptions {
  since: string;
  lag: string;
}

/** Seconds of an option's duration. Throws a UserFault where it is none, or less than the least. */
export function secondsOf(option: string, text: string, least: number): number {
  const seconds = durationSeconds(text);
  if (seconds !== undefined && seconds >= least) return seconds;
  throw new UserFault(
    `${option} is "${text}". Give whole seconds, minutes or hours from ${least}s to 99h, such as 1h.`,
  );
}

/** A whole number from 1 to the most. */
export function countOf(option: string, text: string, most: number): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw new UserFault(`${option} is "${text}". Give a whole number from 1 to ${most}.`);
}

/** Values of parameters by name, from `name=value` texts. */
export function parametersFrom(assignments: readonly string[]): Map<string, string> {
  return new Map(
    assignments.map((assignment): [string, string] => {
      const equals = assignment.indexOf('=');
      if (equals < 1) {
        throw new UserFault(`--set ${assignment}: write it as name=value, such as --set limit=30000`);
      }
      return [assignment.slice(0, equals).trim(), assignment.slice(equals + 1)];
    }),
  );
}
