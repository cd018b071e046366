import { setTimeout as wait } from 'node:timers/promises';
import { type Outcome, runTenant, type Tenant } from './tenants';

/** The traffic of all tenants, running. */
export interface Traffic {
  /** Ends one tenant's requests: its integration was repaired. */
  stopTenant(app: string): void;
  /** Ends all and waits for the requests in flight. */
  stop(): Promise<void>;
}

const requestTimeoutMs = 15_000;

/** Sends every tenant's requests to the API, each at its own pace, and hands on how each came out. */
export function driveTraffic(
  apiUrl: string,
  tenants: readonly Tenant[],
  onOutcome: (outcome: Outcome) => void,
): Traffic {
  const controllers = new Map(tenants.map(({ app }) => [app, new AbortController()]));
  const running = tenants.map((tenant) => {
    const controller = controllers.get(tenant.app) ?? new AbortController();
    return runTenant(
      tenant,
      (sender, serial) => sendDocument(apiUrl, sender, serial),
      onOutcome,
      controller.signal,
    );
  });
  return {
    stopTenant: (app) => controllers.get(app)?.abort(),
    async stop() {
      for (const controller of controllers.values()) controller.abort();
      await Promise.race([Promise.all(running), wait(requestTimeoutMs, undefined, { ref: false })]);
    },
  };
}

/** One write of a tenant: a looping integration makes ever new documents, others rewrite a few of theirs. */
export async function sendDocument(apiUrl: string, tenant: Tenant, serial: number): Promise<Outcome> {
  const document = tenant.looping ? `copy-${serial}` : `note-${serial % 5}`;
  const body = `${serial} `.padEnd(tenant.documentBytes, 'lorem ');
  try {
    const response = await fetch(`${apiUrl}/apps/${tenant.app}/documents/${document}`, {
      method: 'PUT',
      body,
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    const answer = (await response.json()) as { units?: number };
    const retryAfter = response.headers.get('retry-after');
    return {
      tenant,
      status: response.status,
      atMs: Date.now(),
      units: answer.units ?? 0,
      ...(retryAfter !== null && { retryAfterSeconds: Number(retryAfter) }),
    };
  } catch {
    // The API did not answer. The demo counts it as failed and shows the count.
    return { tenant, status: 0, atMs: Date.now(), units: 0 };
  }
}
