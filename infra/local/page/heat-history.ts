import type { UsageRecord } from '../../../lambdas/contracts/usage-record';

/** The write units of one key and subject, by second. */
export interface KeyUsage {
  readonly resource: string;
  readonly key: string;
  readonly subject: string;
  readonly unitsBySecond: ReadonlyMap<number, number>;
}

type Growing = Omit<KeyUsage, 'unitsBySecond'> & { unitsBySecond: Map<number, number>; newestSecond: number };

/** Flink takes a record from further ahead for malformed; so does this. */
const mostSecondsAhead = 60;

/**
 * Usage of the last while by key, each named record counted once, for heat to be recomputed from. Old seconds are
 * forgotten, and so are the keys that wrote longest ago when there are more than `mostKeys`.
 */
export class HeatHistory {
  private readonly names = new Map<number, Set<string>>();
  private readonly keys = new Map<string, Growing>();

  constructor(private readonly mostKeys = 2_000) {}

  /** False where the record was there already, or does not belong to the time from `fromSecond` to now. */
  add(record: UsageRecord, fromSecond: number, nowSecond: number): boolean {
    const { source, batch, part, second, entries } = record;
    if (second < fromSecond || second > nowSecond + mostSecondsAhead) return false;
    const names = this.names.get(second) ?? new Set<string>();
    const name = JSON.stringify([source, batch, part]);
    if (names.has(name)) return false;
    this.names.set(second, names.add(name));
    for (const { resource, key, subject, units } of entries) {
      const id = JSON.stringify([resource, key, subject]);
      const usage = this.keys.get(id) ?? {
        resource,
        key,
        subject,
        unitsBySecond: new Map<number, number>(),
        newestSecond: second,
      };
      usage.unitsBySecond.set(second, (usage.unitsBySecond.get(second) ?? 0) + units);
      usage.newestSecond = Math.max(usage.newestSecond, second);
      this.keys.set(id, usage);
    }
    if (this.keys.size > this.mostKeys) this.forgetQuietest();
    return true;
  }

  /** Lets go of what came before the second. */
  forgetBefore(second: number): void {
    for (const known of this.names.keys()) if (known < second) this.names.delete(known);
    for (const [id, { unitsBySecond }] of this.keys) {
      for (const known of unitsBySecond.keys()) if (known < second) unitsBySecond.delete(known);
      if (unitsBySecond.size === 0) this.keys.delete(id);
    }
  }

  all(): readonly KeyUsage[] {
    return [...this.keys.values()];
  }

  /** A tenth at once, so that it is not done again for every new key. */
  private forgetQuietest(): void {
    const quietestFirst = [...this.keys].sort(([, a], [, b]) => a.newestSecond - b.newestSecond);
    for (const [id] of quietestFirst.slice(0, Math.ceil(this.mostKeys / 10))) this.keys.delete(id);
  }
}

/** Write units inside the window that ends with the given second, that second included. */
export function heatAt(usage: KeyUsage, second: number, windowSeconds: number): number {
  let heat = 0;
  for (const [at, units] of usage.unitsBySecond) {
    if (at <= second && at > second - windowSeconds) heat += units;
  }
  return heat;
}

/** The most heat of any window that ends from `fromSecond` on. */
export function peakHeat(usage: KeyUsage, fromSecond: number, windowSeconds: number): number {
  const seconds = [...usage.unitsBySecond].sort(([a], [b]) => a - b);
  // A heat only grows at a second with units, so its peak is at one of them, or at the first one that counts.
  let peak = heatAt(usage, fromSecond, windowSeconds);
  let heat = 0;
  let oldest = 0;
  for (const [second, units] of seconds) {
    heat += units;
    for (let out = seconds[oldest]; out !== undefined && out[0] <= second - windowSeconds;) {
      heat -= out[1];
      oldest += 1;
      out = seconds[oldest];
    }
    if (second >= fromSecond) peak = Math.max(peak, heat);
  }
  return peak;
}

/** The heat at `fromSecond`, `fromSecond + stepSeconds` and so on, `toSecond` at most. */
export function heatCurve(
  usage: KeyUsage,
  fromSecond: number,
  toSecond: number,
  stepSeconds: number,
  windowSeconds: number,
): number[] {
  const curve: number[] = [];
  let heat = heatAt(usage, fromSecond, windowSeconds);
  for (let second = fromSecond; second <= toSecond; second += stepSeconds) {
    if (second > fromSecond) {
      for (let at = second - stepSeconds + 1; at <= second; at += 1) {
        heat += usage.unitsBySecond.get(at) ?? 0;
        heat -= usage.unitsBySecond.get(at - windowSeconds) ?? 0;
      }
    }
    curve.push(heat);
  }
  return curve;
}
