/** What a generation was asked: its window and its limit, for every resource. */
export interface Rule {
  readonly windowSeconds: number;
  /** Write units per window. */
  readonly limit: number;
}

/** What was written: for each subject its units by second. Every subject has one key of its own. */
export type Written = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** The write units of a subject inside the window that ends with `windowEnd`, exclusive, added up from scratch. */
export function heat(written: Written, subject: string, windowEnd: number, windowSeconds: number): number {
  let units = 0;
  for (const [second, some] of written.get(subject) ?? []) {
    if (second < windowEnd && second >= windowEnd - windowSeconds) units += some;
  }
  return units;
}

/** Seconds with a write, one after the other, at which a subject was above the limit: the first and the last window end. */
export interface Over {
  readonly subject: string;
  readonly from: number;
  readonly until: number;
}

/** All of a rule's, of the window ends from `from` until before `until`. */
export function oversOf(written: Written, rule: Rule, from: number, until: number): Over[] {
  const found: Over[] = [];
  for (const [subject, seconds] of written) {
    let open: { from: number; until: number } | undefined;
    for (const windowEnd of [...seconds.keys()].sort((a, b) => a - b).map((second) => second + 1)) {
      if (windowEnd < from || windowEnd >= until) continue;
      if (heat(written, subject, windowEnd, rule.windowSeconds) > rule.limit) {
        open = { from: open?.from ?? windowEnd, until: windowEnd };
      } else {
        if (open !== undefined) found.push({ subject, ...open });
        open = undefined;
      }
    }
    if (open !== undefined) found.push({ subject, ...open });
  }
  return found;
}
