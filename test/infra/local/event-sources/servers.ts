import { type LocalSystem, startLocalSystem } from '../../../../infra/local/system';
import type { Environment } from '../../../../lambdas/delivery/environment';

let system: LocalSystem | undefined;

// Each test file that asks for the servers gets them for as long as it runs.
beforeAll(async () => {
  system = await startLocalSystem({ flink: false });
});

afterAll(async () => {
  await system?.stop();
});

/** Endpoints, region and credentials of the test file's servers, as a function's environment has them. */
export function serverEnvironment(): Environment {
  if (system === undefined) throw new Error('the servers are there in tests and their hooks only');
  return system.environment;
}
