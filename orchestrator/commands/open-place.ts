import { join } from 'node:path';
import { didYouMean } from '../definition/did-you-mean';
import { type Environment, readEnvironment } from '../definition/environments';
import { listApplications } from '../definition/read-definition';
import { liveSlot, slotName } from '../plan/slots';
import { serviceName } from '../rollout/desired';
import { passGates } from '../rollout/steps/gates';
import type { ManagedFlink, ObservedApplication } from '../service/application';
import { type AwsEnvironment, awsEnvironment } from '../service/aws-environment';
import { askCaller, type Caller, nameOfCaller, refuseOtherAccount } from '../service/caller';
import type { Control } from '../service/control';
import { dynamoDbControl } from '../service/control-table';
import { managedFlink } from '../service/managed-flink';
import { UserFault } from '../user-fault';
import type { CommonOptions } from './options';
import type { Streams } from './streams';

/** Where a command works: an environment, with what speaks to its services. Closed by who opened it. */
export interface Place {
  environment: Environment;
  variables: AwsEnvironment;
  caller: Caller | undefined;
  /** Who runs the command, for the lock and the history. */
  who: string;
  flink: ManagedFlink;
  /** Hears what happens, one line at a time. */
  say(line: string): void;
  control(application: string): Control;
  close(): void;
}

/**
 * The variables to reach an environment with, and whose credentials they are. Throws a UserFault where nothing runs
 * locally, or the credentials are missing, expired, or another account's.
 */
export async function guardedVariables(
  environment: Environment,
  options: CommonOptions,
  streams: Streams,
): Promise<Pick<Place, 'variables' | 'caller'>> {
  const variables = awsEnvironment(environment, streams.env, options.localState);
  const caller = await askCaller(environment.region, variables);
  refuseOtherAccount(environment, caller);
  return { variables, caller };
}

/** Opens an environment for a command. Throws where there is none of that name, and as guardedVariables does. */
export async function openPlace(options: CommonOptions, streams: Streams): Promise<Place> {
  const environment = environmentOf(options);
  const { variables, caller } = await guardedVariables(environment, options, streams);
  const flink = managedFlink(environment.region, variables);
  const controls = new Map<string, Control>();
  return {
    environment,
    variables,
    caller,
    who: nameOfCaller(caller),
    flink,
    say: (line) => void streams.stderr.write(`${line}\n`),
    control: (application) => {
      const { controlTable, region } = environment;
      const control =
        controls.get(application) ?? dynamoDbControl(application, controlTable, region, variables);
      controls.set(application, control);
      return control;
    },
    close: () => {
      flink.close();
      for (const control of controls.values()) control.close();
    },
  };
}

export function environmentOf(options: CommonOptions): Environment {
  return readEnvironment(options.environments ?? join(options.definitions, 'environments.json'), options.env);
}

/** An application that a command finds in the service. */
export interface Deployed {
  application: string;
  /** What people call it: `throttle (local)`. */
  title: string;
  control: Control;
  /** The one of its two applications in the service that is live. */
  observed: ObservedApplication;
  /** 1 unless rollouts raised it. */
  generation: number;
}

/** Finds what is live of an application; throws where there is no such application, or it was never applied. */
export async function findDeployed(
  application: string,
  place: Place,
  options: CommonOptions,
): Promise<Deployed> {
  const { environment, flink } = place;
  const control = place.control(application);
  const { generations } = await control.generations();
  const observed = await flink.describe(
    slotName(serviceName(application, environment), liveSlot(generations)),
  );
  if (observed === undefined) throw notThere(application, environment, options);
  const generation = Number(observed.parameters['generation'] ?? 1);
  return { application, title: titleOf(application, environment), control, observed, generation };
}

/** How long a job may take to be healthy, besides the wait for a checkpoint, which may be due twice its interval later. */
const UNTIL_HEALTHY_SECONDS = 180;

/** Waits until every gate of a job that was just started holds; throws at once when it was restarted. */
export async function untilHealthy(observed: ObservedApplication, { flink, say }: Place): Promise<void> {
  const limitSeconds = UNTIL_HEALTHY_SECONDS + 2 * observed.checkpointIntervalSeconds;
  const wanted = { application: observed.name, limitSeconds, isNew: true };
  // The lock is renewed by itself, and nothing is changed any more.
  const progress = { say, live: (): void => undefined, end: (): void => undefined };
  await passGates(wanted, { flink, progress, alive: () => undefined });
}

export function titleOf(application: string, environment: Environment): string {
  return `${application} (${environment.name})`;
}

/** Why an application is not in the service. */
export function notThere(application: string, environment: Environment, options: CommonOptions): UserFault {
  const known = listApplications(options.definitions);
  const { name } = environment;
  return known.includes(application)
    ? new UserFault(
        `${titleOf(application, environment)} is not there: create it with \`spillway apply ${application} --env ${name}\``,
      )
    : new UserFault(
        `there is no application "${application}"${didYouMean(application, known)}: neither in ${options.definitions} ` +
          `(${known.length === 0 ? 'there is none' : `there are ${known.join(', ')}`}) nor running in ${name}`,
      );
}
