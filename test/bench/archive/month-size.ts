/** How large a synthetic month is. */
export interface MonthSize {
  /** `2026-10` */
  readonly month: string;
  /** Batches of the estimator; one usage record each. */
  readonly batches: number;
  readonly entriesPerBatch: number;
  readonly subjects: number;
}

/** A little over 100 million changes, as some hundred thousand usage records. */
export const fullMonth: MonthSize = {
  month: '2026-10',
  batches: 720_000,
  entriesPerBatch: 12,
  subjects: 5_000,
};

/** The same month, small enough for a test. */
export const smallMonth: MonthSize = { ...fullMonth, batches: 12_000, entriesPerBatch: 6, subjects: 300 };

/** Shards of the two tables' streams: the first four are of `documents`, the others of `orders`. */
export const shards = 6;

/** First second of the month and of the next one. */
export function monthSeconds(month: string): { readonly fromSecond: number; readonly untilSecond: number } {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return {
    fromSecond: Date.UTC(year, number - 1, 1) / 1_000,
    untilSecond: Date.UTC(year, number, 1) / 1_000,
  };
}
