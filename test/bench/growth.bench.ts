import { atMost, type BenchResult } from './bench';
import { type Cost, type CostRun, measureCosts } from './cost';

const base: CostRun = {
  shape: 'function',
  keys: 'zipf',
  keyCount: 100_000,
  entriesPerSecond: 500,
  windowSeconds: 60,
  limit: 1_000_000,
  measuredSeconds: 120,
};

/** Each group differs in one thing; its first run is what the others are compared with. */
const groups: readonly { readonly name: string; readonly runs: readonly CostRun[] }[] = [
  {
    name: 'keys, 10k to 1M',
    runs: [10_000, 100_000, 1_000_000].map((keyCount) => ({ ...base, keys: 'uniform', keyCount })),
  },
  {
    name: 'window, 1 to 10 minutes',
    runs: [60, 300, 600].map((windowSeconds) => ({ ...base, windowSeconds })),
  },
  {
    name: 'keys above the limit, none to many',
    runs: [1_000_000, 300, 100].map((limit) => ({ ...base, limit })),
  },
];

/** How the cost of the function per entry grows. The first run of all is done twice: the first time warms the JVM up. */
export async function bench(): Promise<BenchResult> {
  const costs = await measureCosts('growth', [base, ...groups.flatMap(({ runs }) => runs)], 900_000);
  let next = 1;
  const measured = groups.map(({ name, runs }) => {
    const own = costs.slice(next, (next += runs.length));
    const [first] = own;
    if (first === undefined) throw new Error(`nothing was measured of ${name}`);
    return { name, costs: own, growth: Math.max(...own.map(perEntry)) / perEntry(first) };
  });
  return {
    bench: 'growth',
    aims: measured.map(({ name, growth }) => atMost(name, 1.5, growth, '× the CPU time per entry')),
    details: { measured },
  };
}

function perEntry({ cpuSeconds, entries }: Cost): number {
  return cpuSeconds / entries;
}
