import { type CostItem, notIncluded, type Workload } from '../cost/cost-items';
import type { Prices } from '../cost/prices';
import { columns } from './table';

export interface CostReport {
  workload: Workload;
  prices: Prices;
  items: readonly CostItem[];
}

/** For people. */
export function costText({ workload, prices, items }: CostReport): string {
  const rows = items.map(({ what, how, usdPerMonth }) => [what, usd(usdPerMonth).padStart(10), how]);
  const sum = ['together', usd(total(items)).padStart(10), ''];
  const heading = ['a month', 'USD'.padStart(10), 'how'];
  return (
    `${workload.updatesPerDay.toLocaleString('en-US')} changes a day, by list prices of ${prices.region} as of ${prices.asOf}\n` +
    `${columns(heading, [...rows, sum])}\n` +
    `not in it:\n${notIncluded.map((one) => `  ${one}\n`).join('')}${prices.note}\n`
  );
}

/** The JSON document of `cost --json`. */
export function costJson({ workload, prices, items }: CostReport): object {
  return {
    schemaVersion: 1,
    command: 'cost',
    workload,
    pricesAsOf: prices.asOf,
    region: prices.region,
    items,
    usdPerMonth: total(items),
    notIncluded,
  };
}

function total(items: readonly CostItem[]): number {
  return items.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0);
}

function usd(amount: number): string {
  return amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
