import { durationSeconds } from '../../../orchestrator/definition/parameters';
import type { ObservedApplication } from '../../../orchestrator/service/application';
import type { ApplicationReading, Rule } from './page-event';

/** What the page takes from the service's description of an application. */
export function applicationReading({
  name,
  status,
  version,
  parameters,
}: ObservedApplication): ApplicationReading {
  return { name, status, version, rule: ruleOf(parameters) };
}

/** Undefined where the parameters are not those of an application that judges heat. */
function ruleOf(parameters: Readonly<Record<string, string>>): Rule | undefined {
  const windowSeconds = durationSeconds(parameters['window'] ?? '');
  const limit = Number(parameters['limit']);
  if (windowSeconds === undefined || !Number.isInteger(limit)) return undefined;
  return {
    windowSeconds,
    limit,
    limits: JSON.parse(parameters['limits'] ?? '{}') as Record<string, number>,
    delaySeconds: durationSeconds(parameters['delay'] ?? '') ?? 0,
    silenceSeconds: durationSeconds(parameters['silence'] ?? '') ?? 0,
  };
}
