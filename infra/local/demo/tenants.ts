import { pause } from '../event-sources/pause';

/** How a tenant of the demo uses the API. */
export interface Tenant {
  readonly app: string;
  readonly looping: boolean;
  readonly requestsPerSecond: number;
  readonly documentBytes: number;
  /** When it starts, counted from the start of the traffic. */
  readonly startsAfterMs: number;
}

/** One request of the traffic as it came out. */
export interface Outcome {
  readonly tenant: Tenant;
  readonly status: number;
  readonly atMs: number;
  /** Write units DynamoDB said the write consumed; 0 unless it was written. */
  readonly units: number;
  /** What a refusal asks to wait for. */
  readonly retryAfterSeconds?: number;
}

/** Well-behaved tenants that write a little all the time, and a few whose integration loops. */
export function demoTenants(wellBehaved: number, looping: number): Tenant[] {
  const names = Array.from(
    { length: wellBehaved + looping },
    (_, i) => `app_${String(i + 1).padStart(2, '0')}`,
  );
  // The looping ones stand among the others: every seventh, so that nothing can rest on their order.
  const loopers = new Set(Array.from({ length: looping }, (_, i) => ((i + 1) * 7 - 1) % names.length));
  return names.map((app, i) =>
    loopers.has(i)
      ? {
          app,
          looping: true,
          requestsPerSecond: 75,
          documentBytes: 23_500,
          startsAfterMs: 4_000 + [...loopers].indexOf(i) * 3_000,
        }
      : {
          app,
          looping: false,
          requestsPerSecond: 1,
          documentBytes: 700 + 250 * (i % 6),
          startsAfterMs: (i * 1_000) / names.length,
        },
  );
}

/**
 * Keeps one tenant's requests coming at its pace until the signal. At most `maxInFlight` wait for an answer: a
 * slower API slows the tenant down instead of piling requests up.
 */
export async function runTenant(
  tenant: Tenant,
  send: (tenant: Tenant, serial: number) => Promise<Outcome>,
  onOutcome: (outcome: Outcome) => void,
  signal: AbortSignal,
): Promise<void> {
  const maxInFlight = 8;
  const inFlight = new Set<Promise<void>>();
  await pause(tenant.startsAfterMs, signal);
  const startedMs = performance.now();
  for (let serial = 0; !signal.aborted; serial += 1) {
    const request: Promise<void> = send(tenant, serial)
      .then(onOutcome)
      .finally(() => inFlight.delete(request));
    inFlight.add(request);
    if (inFlight.size >= maxInFlight) await Promise.race(inFlight);
    await pause(startedMs + ((serial + 1) * 1_000) / tenant.requestsPerSecond - performance.now(), signal);
  }
  await Promise.all(inFlight);
}
