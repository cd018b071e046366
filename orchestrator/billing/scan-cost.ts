import type { Prices } from '../cost/prices';
import { UserFault } from '../user-fault';

/** What reading so many bytes means. */
export interface ScanCost {
  readonly bytes: number;
  /** On Athena, each time they are read, by list price; a query costs at least ten megabytes. */
  readonly usd: number;
}

/** Athena bills by the decimal terabyte, and each query at least so much (Athena pricing). */
const LEAST_BYTES = 10_000_000;
const TERABYTE = 1e12;

/** What reading the bytes once costs on Athena. */
export function scanCost(bytes: number, { prices }: Pick<Prices, 'prices'>): ScanCost {
  return { bytes, usd: (Math.max(bytes, LEAST_BYTES) / TERABYTE) * prices.athenaTb.usd };
}

const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** Bytes of a text such as `100GB`. Throws a UserFault where it is none. */
export function bytesOf(option: string, text: string): number {
  const [, number, unit = 'B'] = /^(\d+(?:\.\d+)?)\s*([KMGT]?B)?$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit.toUpperCase()];
  if (number === undefined || factor === undefined) {
    throw new UserFault(`${option} is "${text}". Give bytes with their unit, such as 500MB, 100GB or 1TB.`);
  }
  return Math.floor(Number(number) * factor);
}

/** Bytes for people: `1.2 GB`. */
export function bytesText(bytes: number): string {
  const [unit, factor] = Object.entries(UNITS)
    .reverse()
    .find(([, least]) => bytes >= least) ?? ['B', 1];
  return `${unit === 'B' ? bytes : (bytes / factor).toFixed(1)} ${unit}`;
}

/** Throws where a run would read more than it may. */
export function refuseTooMuch(cost: ScanCost, mostBytes: number): void {
  if (cost.bytes <= mostBytes) return;
  throw new UserFault(
    `the objects that the run reads have ${bytesText(cost.bytes)}, up to ${usdText(cost.usd)} on Athena, and --max-bytes is ` +
      `${bytesText(mostBytes)}: raise it if that is what you want. Nothing was read`,
  );
}

/** An amount for people, with as many digits as it takes to see it. */
export function usdText(usd: number): string {
  return `$${usd >= 0.01 || usd === 0 ? usd.toFixed(2) : usd.toPrecision(2)}`;
}
