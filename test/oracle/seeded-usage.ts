import type { UsageEntry, UsageRecord } from '../../lambdas/contracts/usage-record';

export interface Workload {
  readonly seed: number;
  /** First second of event time. */
  readonly from: number;
  readonly seconds: number;
  readonly keys: number;
  readonly resources: readonly string[];
  /** How many seconds later than its place a record may be delivered. Must stay below the delay. */
  readonly disorderSeconds: number;
  /** Share of records that are delivered a second time, at once or later. */
  readonly duplicates: number;
}

/**
 * Usage records in the order in which they are delivered: a few keys take most of the writes, now and then one of
 * them bursts, records come out of order and some of them twice. The same seed gives the same workload.
 */
export function seededUsage(workload: Workload): UsageRecord[] {
  const random = randomFrom(workload.seed);
  const deliveries: { record: UsageRecord; at: number }[] = [];
  const bursts = burstsOf(workload, random);
  for (let second = workload.from; second < workload.from + workload.seconds; second += 1) {
    const batches = 1 + Math.floor(random() * 2);
    for (let batch = 0; batch < batches; batch += 1) {
      const entries = entriesOf(workload, second, bursts, random);
      const half = Math.ceil(entries.length / 2);
      [entries.slice(0, half), entries.slice(half)].forEach((share, part) => {
        if (share.length === 0) return;
        const name = { version: 1 as const, source: 'users', batch: `${second}-${batch}`, part, second };
        const record = { ...name, entries: share };
        const at = second + random() * workload.disorderSeconds;
        deliveries.push({ record, at });
        if (random() < workload.duplicates) {
          const again = random() < 0.5 ? at : second + random() * workload.disorderSeconds;
          deliveries.push({ record, at: again });
        }
      });
    }
  }
  return deliveries.sort((a, b) => a.at - b.at).map(({ record }) => record);
}

interface Burst {
  readonly key: number;
  readonly from: number;
  readonly until: number;
}

function burstsOf({ from, seconds, keys }: Workload, random: () => number): Burst[] {
  return Array.from({ length: Math.ceil(seconds / 40) }, () => {
    const start = from + Math.floor(random() * seconds);
    return { key: Math.floor(random() * keys), from: start, until: start + 2 + Math.floor(random() * 25) };
  });
}

/** Each (resource, key, subject) at most once, as the estimator sends it. */
function entriesOf(
  { keys, resources }: Workload,
  second: number,
  bursts: Burst[],
  random: () => number,
): UsageEntry[] {
  const entries = new Map<string, UsageEntry>();
  const add = (key: number, units: number): void => {
    const resource = resources[key % resources.length];
    if (resource === undefined) throw new RangeError('a workload has at least one resource');
    // Two subjects share every third key, as integrations of one tenant do.
    const subject = key % 3 === 0 && random() < 0.5 ? `app_${key}_b` : `app_${key}`;
    const entry = { resource, key: `S:app_${key}`, subject, units, writes: 1 + Math.floor(units / 4) };
    entries.set(`${key} ${subject}`, entry);
  };
  for (let i = Math.floor(random() * 8); i >= 0; i -= 1)
    add(Math.floor(keys * random() ** 3), 1 + Math.floor(random() * 12));
  for (const burst of bursts) {
    if (second >= burst.from && second < burst.until) add(burst.key, 40 + Math.floor(random() * 60));
  }
  return [...entries.values()];
}

/** A small generator of numbers in [0, 1): mulberry32, chosen because it is short and known to be even. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
