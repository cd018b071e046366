import type { LocalSystem } from '../../infra/local/system';

/** Every process that a test run starts has this variable, whatever starts it, so that a leaked one is found. */
export const TEST_RUN_VARIABLE = 'SPILLWAY_TEST_RUN';

/** jest loads its set-up and its teardown apart from each other; both see the same global object. */
const holder = globalThis as { spillwayWarmSystem?: LocalSystem };

export function keepSystem(system: LocalSystem): void {
  holder.spillwayWarmSystem = system;
}

export function keptSystem(): LocalSystem | undefined {
  return holder.spillwayWarmSystem;
}
