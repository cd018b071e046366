import type { ConsumedHeat } from './consumed-heat';
import type { Outcome, Tenant } from './tenants';

/** Milliseconds; `null` where nothing was measured. */
export interface Spread {
  readonly median: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** What the demo did and found; printed as it is by `--json`. */
export interface DemoSummary {
  readonly version: 1;
  readonly tenants: number;
  readonly looping: number;
  readonly found: number;
  readonly falselySuspended: number;
  readonly writes: number;
  readonly units: number;
  readonly refused: number;
  /** Requests that were neither written nor refused. */
  readonly failed: number;
  readonly crossingToRefusalMs: Spread;
}

/** Collects the traffic's outcomes and tells, at the end, who was found and how quickly. */
export class Tally {
  private readonly firstRefusalMs = new Map<string, number>();
  private counts = { writes: 0, units: 0, refused: 0, failed: 0 };

  constructor(
    private readonly tenants: readonly Tenant[],
    private readonly heat: ConsumedHeat,
  ) {}

  add({ tenant, status, atMs, units }: Outcome): void {
    if (status === 429) {
      this.counts.refused += 1;
      if (!this.firstRefusalMs.has(tenant.app)) this.firstRefusalMs.set(tenant.app, atMs);
    } else if (status === 200) {
      this.counts.writes += 1;
      this.counts.units += units;
      this.heat.add(tenant.app, units, atMs);
    } else {
      this.counts.failed += 1;
    }
  }

  refusedAtMs(app: string): number | undefined {
    return this.firstRefusalMs.get(app);
  }

  summary(): DemoSummary {
    const looping = this.tenants.filter((tenant) => tenant.looping);
    const delays = looping.flatMap(({ app }) => {
      const crossed = this.heat.crossedAtMs(app);
      const refused = this.firstRefusalMs.get(app);
      return crossed === undefined || refused === undefined ? [] : [refused - crossed];
    });
    return {
      version: 1,
      tenants: this.tenants.length,
      looping: looping.length,
      found: looping.filter(({ app }) => this.firstRefusalMs.has(app)).length,
      falselySuspended: this.tenants.filter(({ app, looping }) => !looping && this.firstRefusalMs.has(app))
        .length,
      ...this.counts,
      crossingToRefusalMs: spread(delays),
    };
  }
}

/** Median, 99th percentile (nearest rank) and largest of some measurements. */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) return { median: null, p99: null, max: null };
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (share: number): number => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  return { median: rank(0.5), p99: rank(0.99), max: rank(1) };
}
