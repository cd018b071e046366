import type { Step } from '../plan/plan';
import type { ApplicationSettings } from '../service/application';
import type { RolloutFacts } from '../service/control';

/**
 * The settings that a step brings in: the plan's and, where it leaves them to the rollout, the parameters that only
 * the rollout knows. Throws where they were not measured. Pure.
 */
export function settingsOf(
  { settings, rolloutParameters }: Step & { kind: 'create' | 'update' },
  { cutover, startAt }: RolloutFacts,
): ApplicationSettings {
  if (!rolloutParameters) return settings;
  if (cutover === undefined || startAt === undefined) {
    throw new Error('the plan wants the cutover in the settings, and no step before has measured it');
  }
  const known = { cutover: String(cutover), start: 'AT_TIMESTAMP', start_at: String(startAt) };
  return { ...settings, parameters: { ...settings.parameters, ...known } };
}
