import { archive } from './items/archive';
import { cacheAndNetwork } from './items/cache-and-network';
import { flink } from './items/flink';
import { functions } from './items/functions';
import { kinesis } from './items/kinesis';
import { watching } from './items/watching';
import type { Known } from './design';

/** One line of the bill for a month of 730 hours. */
export interface CostItem {
  service: string;
  what: string;
  /** How it was worked out. */
  how: string;
  usdPerMonth: number;
}

/** One part of the system's cost. Pure. */
export type CostPart = (known: Known) => CostItem[];

/** The parts that are worked out; another one is another function here. */
const parts: readonly CostPart[] = [flink, kinesis, functions, cacheAndNetwork, watching, archive];

/** What is not in it, so that nobody takes the sum for the bill. */
export const notIncluded: readonly string[] = [
  'the tables themselves and their streams: reads of a stream by Lambda cost nothing',
  'the reporter, which puts usage of its own where a table uses it',
  'rollouts: a handover runs a second application beside the first while it lasts',
  'data transfer between zones, encryption with a key of your own, snapshots, free tiers',
];

/** The items of a month. Pure. */
export function costItems(known: Known): CostItem[] {
  return parts.flatMap((part) => part(known));
}

export function totalOf(items: readonly CostItem[]): number {
  return items.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0);
}
