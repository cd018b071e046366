import type { Environment } from '../definition/environments';
import { durationSeconds } from '../definition/parameters';
import { serviceName } from '../rollout/desired';
import type { AwsEnvironment } from '../service/aws-environment';
import { managedFlink } from '../service/managed-flink';
import { messageOf } from '../user-fault';
import type { Rule } from './explanation';

const defaults = { limit: 60_000, windowSeconds: 120 };

/** The limit and window that an application runs with, by resource; the defaults where that cannot be found out. */
export async function ruleInForce(
  application: string,
  environment: Environment,
  variables: AwsEnvironment,
): Promise<(resource: string) => Rule> {
  const flink = managedFlink(environment.region, variables);
  try {
    const observed = await flink.describe(serviceName(application, environment));
    if (observed === undefined)
      return () => ({ ...defaults, from: `the default; ${application} was never applied` });
    const { parameters } = observed;
    const limits = limitsOf(parameters['limits']);
    const limit = Number(parameters['limit'] ?? defaults.limit);
    const windowSeconds = durationSeconds(parameters['window'] ?? '') ?? defaults.windowSeconds;
    return (resource) => ({
      limit: limits[resource] ?? limit,
      windowSeconds,
      from: `a parameter of ${application}`,
    });
  } catch (cause) {
    return () => ({
      ...defaults,
      from: `the default; ${application} could not be asked: ${messageOf(cause)}`,
    });
  } finally {
    flink.close();
  }
}

function limitsOf(text: string | undefined): Partial<Record<string, number>> {
  try {
    return JSON.parse(text ?? '{}') as Partial<Record<string, number>>;
  } catch {
    return {};
  }
}
