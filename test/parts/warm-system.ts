/** The one local system of a jest run, as a test file sees it. Each file makes streams, tables and queues of its own. */
export interface WarmSystem {
  /** The variables AWS's SDKs read: region, credentials and one endpoint for each service. */
  readonly environment: Readonly<Record<string, string>>;
  readonly redisUrl: string;
  readonly flinkRestUrl: string;
  /** A folder for what a test writes: it is removed by and by with the run's. */
  readonly runFolder: string;
  /** The processes of the servers. */
  readonly processIds: readonly number[];
}

/** Carries the system's addresses from jest's own process to the workers that run the test files. */
export const WARM_SYSTEM_VARIABLE = 'SPILLWAY_WARM_SYSTEM';

/** The local system that start-warm-system.ts started before the first test file. */
export function warmSystem(): WarmSystem {
  const text = process.env[WARM_SYSTEM_VARIABLE];
  if (text === undefined) {
    throw new Error('this test needs the local system: run jest without SPILLWAY_NO_SYSTEM=1');
  }
  return JSON.parse(text) as WarmSystem;
}
