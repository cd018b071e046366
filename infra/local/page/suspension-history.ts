import type { Suspension } from '../../../lambdas/contracts/suspension';

export interface PastOrPresent {
  readonly suspension: Suspension;
  /** Undefined while it is in force. */
  readonly endedAtMs: number | undefined;
  /** Ended before its time. */
  readonly lifted: boolean;
}

const mostEnded = 200;
const mostSubjects = 100_000;

/** Who is suspended and who was, made of what the store holds from one look to the next. */
export class SuspensionHistory {
  private readonly inForce = new Map<string, Suspension>();
  private readonly ended: PastOrPresent[] = [];
  /** When each subject was last suspended. */
  private readonly lastSince = new Map<string, number>();
  private made = 0;

  /** Takes in what the store holds now; it may hold suspensions that have ended. */
  update(suspensions: readonly Suspension[], nowMs: number): void {
    this.endBy(nowMs);
    const held = new Map(suspensions.map((suspension) => [suspension.subject, suspension]));
    for (const [subject, suspension] of this.inForce) {
      if (held.get(subject)?.since !== suspension.since) this.end(suspension, nowMs);
    }
    for (const suspension of suspensions) {
      const { subject, since, until } = suspension;
      const isNew = since > (this.lastSince.get(subject) ?? 0);
      if (isNew) this.count(subject, since);
      if (until > nowMs) this.inForce.set(subject, suspension);
      // It began and ended between two looks.
      else if (isNew) this.end(suspension, until);
    }
    this.endBy(nowMs);
  }

  /** Those in force, the newest first, then those that have ended, the last one first. */
  rows(nowMs: number): PastOrPresent[] {
    this.endBy(nowMs);
    const now = [...this.inForce.values()].sort((a, b) => b.since - a.since);
    return [
      ...now.map((suspension) => ({ suspension, endedAtMs: undefined, lifted: false })),
      ...[...this.ended].reverse(),
    ];
  }

  isSuspended(subject: string, nowMs: number): boolean {
    return (this.inForce.get(subject)?.until ?? 0) > nowMs;
  }

  /** Suspensions made so far, and the subjects they were of. */
  totals(): { readonly suspensions: number; readonly subjects: number } {
    return { suspensions: this.made, subjects: this.lastSince.size };
  }

  private count(subject: string, since: number): void {
    this.made += 1;
    if (this.lastSince.size < mostSubjects || this.lastSince.has(subject)) this.lastSince.set(subject, since);
  }

  private endBy(nowMs: number): void {
    for (const suspension of this.inForce.values()) {
      if (suspension.until <= nowMs) this.end(suspension, suspension.until);
    }
  }

  private end(suspension: Suspension, atMs: number): void {
    this.inForce.delete(suspension.subject);
    this.ended.push({ suspension, endedAtMs: atMs, lifted: atMs < suspension.until });
    if (this.ended.length > mostEnded) this.ended.shift();
  }
}
