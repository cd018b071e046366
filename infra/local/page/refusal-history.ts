import type { RefusalCount } from './page-event';

export interface SubjectRefusals {
  readonly subject: string;
  readonly count: number;
  /** When the last of them was counted. */
  readonly lastAtMs: number;
}

/**
 * Refused requests by subject and by time, made of the store's counts. A guard adds its counts every few seconds,
 * so a refusal shows at the time at which it was counted.
 */
export class RefusalHistory {
  private known = new Map<string, number>();
  private readonly bySubject = new Map<string, { count: number; lastAtMs: number }>();
  private readonly added: { atMs: number; subject: string; count: number }[] = [];
  private total = 0;

  constructor(
    private readonly keepMs: number,
    private readonly mostSubjects = 1_000,
  ) {}

  /** Takes in the counts of the hours that can still grow. */
  update(counts: readonly RefusalCount[], nowMs: number): void {
    const before = this.known;
    this.known = new Map();
    for (const { hour, subject, count } of counts) {
      const id = JSON.stringify([hour, subject]);
      const more = count - (before.get(id) ?? 0);
      this.known.set(id, count);
      if (more > 0) this.add(subject, more, nowMs);
    }
    while ((this.added[0]?.atMs ?? nowMs) < nowMs - this.keepMs) this.added.shift();
  }

  /** All refusals so far. */
  get refused(): number {
    return this.total;
  }

  /** Refusals counted after the moment, of one subject or of all. */
  since(atMs: number, subject?: string): number {
    return this.added.reduce(
      (sum, added) =>
        added.atMs > atMs && (subject === undefined || added.subject === subject) ? sum + added.count : sum,
      0,
    );
  }

  /** Refusals of all subjects by time: one sum for each bucket from `fromMs` on. */
  buckets(fromMs: number, bucketMs: number, count: number): number[] {
    const sums = Array.from({ length: count }, () => 0);
    for (const { atMs, count: more } of this.added) {
      const index = Math.floor((atMs - fromMs) / bucketMs);
      if (index >= 0 && index < count) sums[index] = (sums[index] ?? 0) + more;
    }
    return sums;
  }

  /** Who was refused, the most first. */
  subjects(): SubjectRefusals[] {
    return [...this.bySubject]
      .map(([subject, refusals]) => ({ subject, ...refusals }))
      .sort((a, b) => b.count - a.count || (a.subject < b.subject ? -1 : 1));
  }

  private add(subject: string, more: number, nowMs: number): void {
    this.total += more;
    this.added.push({ atMs: nowMs, subject, count: more });
    const refusals = this.bySubject.get(subject) ?? { count: 0, lastAtMs: 0 };
    this.bySubject.set(subject, { count: refusals.count + more, lastAtMs: nowMs });
    if (this.bySubject.size > this.mostSubjects) this.forgetQuietest();
  }

  private forgetQuietest(): void {
    const [quietest] = [...this.bySubject].sort(([, a], [, b]) => a.lastAtMs - b.lastAtMs);
    if (quietest !== undefined) this.bySubject.delete(quietest[0]);
  }
}
