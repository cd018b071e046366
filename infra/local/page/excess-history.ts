import type { Excess } from '../../../lambdas/contracts/excess';
import type { ExcessTotals, Totals } from './page-view';

const mostIdentities = 2_000;

/**
 * Tells excesses apart. A detection states a second early, when an open second passes the limit, and again when it is
 * closed: one excess, with the same suspension request. Excesses of one (detection, resource, key, subject) with no gap
 * longer than the window are one episode. Those that people are only told of count apart.
 */
export class ExcessHistory {
  /** The last second stated, the one used longest ago first. */
  private readonly lastOf = new Map<string, number>();
  private readonly counts = { suspend: none(), notify: none() };

  /** Answers whether the excess states a second that was not stated before. */
  add(excess: Excess): boolean {
    const { application, detection, resource, key, subject, windowStart, windowEnd, action } = excess;
    const identity = JSON.stringify([application, detection, resource, key, subject]);
    const last = this.lastOf.get(identity);
    const count = this.counts[action ?? 'suspend'];
    if (last !== undefined && windowEnd <= last) {
      count.again += 1;
      return false;
    }
    this.lastOf.delete(identity);
    this.lastOf.set(identity, windowEnd);
    if (this.lastOf.size > mostIdentities) this.lastOf.delete([...this.lastOf.keys()][0] ?? '');
    count.seconds += 1;
    if (last === undefined || windowEnd - last > windowEnd - windowStart) count.episodes += 1;
    return true;
  }

  totals(): Totals['excesses'] {
    return { suspend: { ...this.counts.suspend }, notify: { ...this.counts.notify } };
  }
}

function none(): { -readonly [name in keyof ExcessTotals]: number } {
  return { episodes: 0, seconds: 0, again: 0 };
}
