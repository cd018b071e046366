import type { Problem } from '../user-fault';
import type { Environment } from './environments';
import { durationSeconds } from './parameters';
import { findPlaceholders } from './placeholders';
import type { ParameterTexts } from './parameter-values';
import type { Definition } from './read-definition';

/** Kinesis keeps records for a day unless a stream is set otherwise (Kinesis Developer Guide, data retention period). */
const DEFAULT_RETENTION = '24h';

/** How long the usage stream of an environment keeps records. */
export function usageRetentionSeconds(environment: Environment): number {
  return durationSeconds(environment.usageRetention ?? DEFAULT_RETENTION) ?? 0;
}

/**
 * Durations that detections look back by and that the usage stream does not keep: a rollout that reads the window
 * again would begin after its start.
 */
export function retentionProblems(
  definition: Definition,
  environment: Environment,
  values: ParameterTexts,
): Problem[] {
  const retention = environment.usageRetention ?? DEFAULT_RETENTION;
  const keptSeconds = usageRetentionSeconds(environment);
  return [...windowParameters(definition)].flatMap((name): Problem[] => {
    const window = values[name] ?? '';
    if ((durationSeconds(window) ?? 0) < keptSeconds) return [];
    const message =
      `${name} is ${window}, but the usage stream keeps ${retention}: a rollout could not read a whole window again. ` +
      'Make it shorter, or keep usage longer and say so as usageRetention of the environment';
    return [{ code: 'window-retention', file: environment.file, line: environment.lineOf(name), message }];
  });
}

function windowParameters({ files, parameters }: Definition): Set<string> {
  const used = [...files]
    .filter(([path]) => path.startsWith('detections/') && path.endsWith('.sql'))
    .flatMap(([, sql]) => findPlaceholders(sql).flatMap(({ name }) => name ?? []));
  return new Set(used.filter((name) => parameters[name]?.type === 'duration'));
}
