import { UserFault } from '../user-fault';

/** A calendar month in UTC, and the hours of arrival that count for it. */
export interface Period {
  /** `2026-10`. */
  readonly name: string;
  /** Epoch seconds of event time; the second one is exclusive. */
  readonly fromSecond: number;
  readonly toSecond: number;
}

const FORM = /^(\d{4})-(\d{2})$/;

/** The month of a text such as `2026-10`. Throws a UserFault where it is none. */
export function periodOf(text: string): Period {
  const [, year, month] = FORM.exec(text) ?? [];
  if (year === undefined || Number(month) < 1 || Number(month) > 12 || Number(year) < 2000) {
    throw new UserFault(`--period is "${text}". Give a month in UTC, such as 2026-10.`);
  }
  return monthAt(Number(year), Number(month) - 1);
}

/** The month before. */
export function periodBefore({ name }: Period): Period {
  const [year = 0, month = 0] = name.split('-').map(Number);
  return monthAt(year, month - 2);
}

/** Epoch seconds at which a period closes: usage that arrives from then on is billed as an adjustment of the next. */
export function closesAt({ toSecond }: Period, closesAfterHours: number): number {
  return toSecond + closesAfterHours * 3600;
}

/** The hour of arrival as the archive's folders tell it, `2026-10-01T00`; such texts compare as the hours do. */
export function hourText(epochSecond: number): string {
  return new Date(epochSecond * 1000).toISOString().slice(0, 13);
}

function monthAt(year: number, monthFromZero: number): Period {
  const from = Date.UTC(year, monthFromZero, 1);
  return {
    name: new Date(from).toISOString().slice(0, 7),
    fromSecond: from / 1000,
    toSecond: Date.UTC(year, monthFromZero + 1, 1) / 1000,
  };
}
