import type { Environment } from '../definition/environments';
import type { ParameterTexts } from '../definition/parameter-values';
import { durationSeconds } from '../definition/parameters';
import type { Definition } from '../definition/read-definition';
import type { Release } from '../release/build-release';
import type { ApplicationSettings } from '../service/application';

/** What shall run: an application's name in the service and its settings. */
export interface Desired {
  /** The name in the service. */
  name: string;
  settings: ApplicationSettings;
}

const DEFAULT_CHECKPOINT_INTERVAL = '10s';

/** The name in the service: environments may share an account and a region. */
export function serviceName(application: string, environment: Environment): string {
  return `spillway-${environment.name}-${application}`;
}

/** Puts together what shall run. Pure. */
export function desiredOf(
  definition: Definition,
  environment: Environment,
  release: Pick<Release, 'key'>,
  parameters: ParameterTexts,
): Desired {
  const role = `arn:aws:iam::${environment.account}:role/spillway-${environment.name}-flink`;
  return {
    name: serviceName(definition.name, environment),
    settings: {
      runtime: definition.runtime,
      serviceRole: environment.serviceRole ?? role,
      bucket: environment.codeBucket,
      codeKey: release.key,
      parallelism: definition.capacity.parallelism,
      parallelismPerKpu: definition.capacity.parallelismPerKpu,
      checkpointIntervalSeconds:
        durationSeconds(environment.checkpointInterval ?? DEFAULT_CHECKPOINT_INTERVAL) ?? 0,
      parameters,
    },
  };
}
