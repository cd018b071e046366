import type { ApplicationSettings } from '../service/application';
import { UserFault } from '../user-fault';

/** Parameters that rollouts set, never people: they are no difference between what runs and what is wanted. */
export const ROLLOUT_PARAMETERS: readonly string[] = ['generation', 'cutover', 'start', 'start_at'];

/** Throws a UserFault where a person gives one on the command line. */
export function refuseRolloutParameters(names: readonly string[]): void {
  const name = names.find((one) => ROLLOUT_PARAMETERS.includes(one));
  if (name === undefined) return;
  throw new UserFault(
    `--set ${name}: rollouts set ${ROLLOUT_PARAMETERS.join(', ')} themselves, so that nothing is missed or said twice; ` +
      'leave it out, and choose how with --rollout',
  );
}

type Texts = Readonly<Record<string, string>>;

/** Whether a job can be told where to begin and from when to speak; without, a replay misses what it did not see. */
export function hasRolloutParameters(settings: ApplicationSettings): boolean {
  return ROLLOUT_PARAMETERS.every((name) => settings.parameters[name] !== undefined);
}

export function withoutRolloutParameters(settings: ApplicationSettings): ApplicationSettings {
  return {
    ...plain(settings),
    parameters: pick(settings.parameters, (name) => !ROLLOUT_PARAMETERS.includes(name)),
  };
}

/** Settings whose rollout parameters are all but the generation left to the rollout's facts. */
export function forFacts(settings: ApplicationSettings, generation: number): ApplicationSettings {
  const left = withoutRolloutParameters(settings);
  return { ...left, parameters: { ...left.parameters, generation: String(generation) } };
}

/**
 * Settings with every rollout parameter that the definition has: the new generation, and the others as they are in
 * `from`, or by the definition where that one does not know them.
 */
export function withRolloutParameters(
  settings: ApplicationSettings,
  generation: number,
  from: Texts = {},
): ApplicationSettings {
  const known = {
    ...pick(from, (name) => ROLLOUT_PARAMETERS.includes(name)),
    generation: String(generation),
  };
  const parameters = Object.entries(settings.parameters).map(([name, text]): [string, string] => [
    name,
    known[name as keyof typeof known] ?? text,
  ]);
  return { ...plain(settings), parameters: Object.fromEntries(parameters) };
}

function pick(texts: Texts, wanted: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => wanted(name)));
}

/** Only the settings: an observed application has more. */
export function plain(
  settings: ApplicationSettings,
): ApplicationSettings & { parameters: Record<string, string> } {
  return {
    runtime: settings.runtime,
    serviceRole: settings.serviceRole,
    bucket: settings.bucket,
    codeKey: settings.codeKey,
    parallelism: settings.parallelism,
    parallelismPerKpu: settings.parallelismPerKpu,
    checkpointIntervalSeconds: settings.checkpointIntervalSeconds,
    parameters: { ...settings.parameters },
  };
}
