import type { Measured } from './measured';
import type { Prices } from './prices';
import { packedTraffic, type Traffic, unpackedTraffic } from './traffic';
import type { Workload } from './workload';

/** One way to build it, whose month is worked out. */
export interface Design {
  /** With the day's mean, and in its busiest minutes. */
  mean: Traffic;
  peak: Traffic;
  /** What one vCPU takes of the entries; undefined for what the application itself was measured to take. */
  entriesPerSecond: number | undefined;
  /** Whether a request of the API asks the cache, where a guard would know. */
  asksCachePerRequest: boolean;
  /** Whether functions reach AWS's services through a NAT gateway in each zone. */
  hasNat: boolean;
}

/** What each part of the cost is worked out from. */
export interface Known {
  workload: Workload;
  design: Design;
  measured: Measured;
  prices: Prices['prices'];
}

/** As it is built here. */
export function thisDesign(workload: Workload, measured: Measured): Design {
  return {
    mean: packedTraffic(workload, measured),
    peak: packedTraffic(workload, measured, workload.peakFactor),
    entriesPerSecond: undefined,
    asksCachePerRequest: false,
    hasNat: false,
  };
}

/** As one would build it first: nothing packed, windows in plain SQL, the cache asked for each request, a NAT. */
export function naiveDesign(workload: Workload, measured: Measured): Design {
  return {
    mean: unpackedTraffic(workload, measured),
    peak: unpackedTraffic(workload, measured, workload.peakFactor),
    entriesPerSecond: measured.figures.plainSqlEntriesPerSecond.value,
    asksCachePerRequest: true,
    hasNat: true,
  };
}
