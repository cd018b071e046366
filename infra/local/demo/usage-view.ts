import type { UsageRecord } from '../../../lambdas/contracts/usage-record';

/**
 * Heat as recomputed from the usage stream, for people to look at. The heat that decides lives only in Flink's
 * state; this adds the same records up again, each named record once.
 */
export class UsageView {
  private readonly seen = new Set<string>();
  private readonly bySubject = new Map<string, Map<number, number>>();
  /** Every usage record that was read, without those that came again. */
  readonly records: UsageRecord[] = [];
  /** Write units and changes of all records. */
  readonly totals = { units: 0, writes: 0 };

  constructor(private readonly windowSeconds: number) {}

  add(record: UsageRecord): void {
    const { source, batch, part, second, entries } = record;
    const name = JSON.stringify([source, batch, part, second]);
    if (this.seen.has(name)) return;
    this.seen.add(name);
    this.records.push(record);
    for (const { subject, units, writes } of entries) {
      const seconds = this.bySubject.get(subject) ?? new Map<number, number>();
      seconds.set(second, (seconds.get(second) ?? 0) + units);
      this.bySubject.set(subject, seconds);
      this.totals.units += units;
      this.totals.writes += writes;
    }
  }

  /** The subjects with the most heat in the window that ends with the given second, hottest first. */
  hottest(most: number, lastSecond: number): { subject: string; heat: number }[] {
    const heats = [...this.bySubject].map(([subject, seconds]) => {
      let heat = 0;
      for (const [second, units] of seconds) if (second > lastSecond - this.windowSeconds) heat += units;
      return { subject, heat };
    });
    return heats.sort((a, b) => b.heat - a.heat).slice(0, most);
  }
}
