import { type CostItem, notIncluded, totalOf } from '../cost/cost-items';
import type { Lever } from '../cost/levers';
import type { Measured } from '../cost/measured';
import type { Prices } from '../cost/prices';
import type { Workload } from '../cost/workload';
import { columns, pairs } from './table';

export interface CostReport {
  workload: Workload;
  prices: Prices;
  measured: Measured;
  items: readonly CostItem[];
  /** The same workload in a naive design. */
  naive: readonly CostItem[];
  levers: readonly Lever[];
}

/** For people: the bill with its arithmetic, the same in a naive design, the levers, and what it rests on. */
export function costText({ workload, prices, measured, items, naive, levers }: CostReport): string {
  const rows = items.map(({ service, what, how, usdPerMonth }) => [service, what, usd(usdPerMonth), how]);
  const sum = ['together', '', usd(totalOf(items)), ''];
  const beside = servicesOf(items, naive).map((service) => [
    service,
    usd(totalOf(of(service, naive))),
    usd(totalOf(of(service, items))),
  ]);
  const besideSum = ['together', usd(totalOf(naive)), usd(totalOf(items))];
  const compared = Object.values(prices.prices).filter((price) => price.compared !== null).length;
  return (
    `${workload.updatesPerDay.toLocaleString('en-US')} changes a day, by list prices of ${prices.region} as of ${prices.asOf}\n` +
    `${columns(['a month', '', usdHeading, 'how'], [...rows, sum])}\n\n` +
    `${columns(['service', 'naive'.padStart(WIDTH), 'this'.padStart(WIDTH)], [...beside, besideSum])}\n` +
    `naive: ${NAIVE}\n\n` +
    `each of these alone changes the month by\n${levers.map(({ what, usdPerMonth }) => `  ${signed(usdPerMonth)}  ${what}\n`).join('')}\n` +
    `not in it:\n${notIncluded.map((one) => `  ${one}\n`).join('')}\n` +
    `measured: ${measured.note}\n${pairs(measuredLines(measured), '  ')}\n` +
    `${compared} of ${Object.keys(prices.prices).length} prices were compared with a page (--json has each). ${prices.note}\n`
  );
}

/** The JSON document of `cost --json`. */
export function costJson({ workload, prices, measured, items, naive, levers }: CostReport): object {
  return {
    schemaVersion: 2,
    command: 'cost',
    workload,
    pricesAsOf: prices.asOf,
    region: prices.region,
    items,
    usdPerMonth: totalOf(items),
    naive: { what: NAIVE, items: naive, usdPerMonth: totalOf(naive) },
    levers,
    notIncluded,
    measured: measured.figures,
    prices: prices.prices,
  };
}

const NAIVE =
  'a usage record and an entry for each change, calls of 100 changes, windows in plain SQL, the cache asked for each request, NAT';

const WIDTH = 10;
const usdHeading = 'USD'.padStart(WIDTH);

function servicesOf(...bills: readonly (readonly CostItem[])[]): string[] {
  return [...new Set(bills.flatMap((items) => items.map(({ service }) => service)))];
}

function of(service: string, items: readonly CostItem[]): CostItem[] {
  return items.filter((item) => item.service === service);
}

function measuredLines({ figures }: Measured): [string, string][] {
  return Object.values(figures).map(({ value, unit, asOf, source }) => [
    `${value.toLocaleString('en-US')} ${unit}`,
    `${asOf}, ${source}`,
  ]);
}

function signed(amount: number): string {
  return `${amount < 0 ? '-' : '+'}${usd(Math.abs(amount)).trim()}`.padStart(WIDTH);
}

function usd(amount: number): string {
  return amount
    .toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
    .padStart(WIDTH);
}
