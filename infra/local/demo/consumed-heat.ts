/**
 * What DynamoDB itself said each write consumed, added up per tenant over a sliding window. It is the demo's own
 * measure of when a tenant really crossed the limit: it uses nothing of the estimator or of Flink.
 */
export class ConsumedHeat {
  private readonly writes = new Map<string, { atMs: number; units: number }[]>();
  private readonly crossings = new Map<string, number>();

  constructor(
    private readonly windowMs: number,
    private readonly limit: number,
  ) {}

  /** Adds one write's consumed units at the moment its response came. */
  add(tenant: string, units: number, atMs: number): void {
    const recent = this.writes.get(tenant) ?? [];
    recent.push({ atMs, units });
    this.writes.set(tenant, recent);
    if (!this.crossings.has(tenant) && this.heat(tenant, atMs) > this.limit) this.crossings.set(tenant, atMs);
  }

  /** Write units of the tenant inside the window that ends now. */
  heat(tenant: string, nowMs: number): number {
    const recent = this.writes.get(tenant);
    if (recent === undefined) return 0;
    const firstInside = recent.findIndex((write) => write.atMs > nowMs - this.windowMs);
    recent.splice(0, firstInside === -1 ? recent.length : firstInside);
    return recent.reduce((sum, write) => sum + write.units, 0);
  }

  /** When the tenant's heat first passed the limit, in epoch milliseconds; undefined if it never did. */
  crossedAtMs(tenant: string): number | undefined {
    return this.crossings.get(tenant);
  }
}
