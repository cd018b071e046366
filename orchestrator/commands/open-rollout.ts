import type { Environment } from '../definition/environments';
import { durationSeconds } from '../definition/parameters';
import type { Release } from '../release/build-release';
import { type Progress, progressOn } from '../report/progress';
import { excessStream } from '../rollout/excess-stream';
import { type HeldLock, underLock } from '../rollout/held-lock';
import type { Rolling } from '../rollout/rolling';
import { nameOfCaller } from '../service/caller';
import { s3CodeStore } from '../service/code-store';
import { dynamoDbControl } from '../service/control-table';
import { managedFlink } from '../service/managed-flink';
import { kinesisStreams } from '../service/streams';
import { UserFault } from '../user-fault';
import { guardedVariables } from './open-place';
import type { ApplyCommandOptions } from './options';
import type { Streams } from './streams';

/** What a command works with that performs rollouts of one application. Closed by who opened it. */
export interface Opened {
  rolling: Rolling;
  progress: Progress;
  /** Who performs it, for the lock and the history. */
  who: string;
  /** Does the work under the application's lock. */
  locked<T>(purpose: string, work: (rolling: Rolling, held: HeldLock) => Promise<T>): Promise<T>;
  close(): void;
}

/** Opens an application's services. Throws a UserFault where an option is none, or nothing runs locally. */
export async function openRollout(
  application: string,
  environment: Environment,
  release: Pick<Release, 'key' | 'jar'> | undefined,
  options: ApplyCommandOptions,
  streams: Streams,
): Promise<Opened> {
  const leaseSeconds = secondsOf('--lease', options.lease);
  const operationLimitSeconds = secondsOf('--operation-limit', options.operationLimit);
  const { variables, caller } = await guardedVariables(environment, options, streams);
  const { region, codeBucket, controlTable } = environment;
  const flink = managedFlink(region, variables);
  const code = s3CodeStore(codeBucket, region, variables);
  const control = dynamoDbControl(application, controlTable, region, variables);
  const kinesis = kinesisStreams(region, variables);
  const excesses = excessStream(kinesis, environment.streams.excess);
  const progress = progressOn(streams.stderr);
  const who = nameOfCaller(caller);
  const rolling: Rolling = {
    flink,
    code,
    control,
    progress,
    jarOf: (key) => (key === release?.key ? release.jar() : undefined),
    restate: (generation, fromSecond) => excesses.resendUnheard(application, generation, fromSecond),
    alive: () => undefined,
    operationLimitSeconds,
  };
  return {
    rolling,
    progress,
    who,
    locked: (purpose, work) =>
      underLock(control, { holder: who, purpose, leaseSeconds }, (held) =>
        work({ ...rolling, alive: () => held.check() }, held),
      ),
    close: () => {
      progress.end();
      flink.close();
      code.close();
      control.close();
      kinesis.close();
    },
  };
}

function secondsOf(option: string, text: string): number {
  const seconds = durationSeconds(text);
  if (seconds !== undefined && seconds > 0) return seconds;
  throw new UserFault(`${option} ${text}: write whole seconds or minutes, such as 30s or 10m`);
}
