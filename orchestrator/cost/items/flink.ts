import type { CostPart } from '../cost-items';
import { HOURS_PER_MONTH } from '../workload';
import { amount } from './amounts';

/** Managed Flink gives so much storage with each KPU, and charges for it (developer guide, resources). */
const STORAGE_GB_PER_KPU = 50;

/**
 * The KPUs of each application's file, or more where its entries at the peak need more vCPUs, without any to spare; one
 * more for orchestration; and their storage.
 */
export const flink: CostPart = ({ workload, design, prices }) =>
  workload.applications.flatMap(({ name, parallelism, parallelismPerKpu, ...application }) => {
    const written = Math.ceil(parallelism / parallelismPerKpu);
    const rate =
      application.entriesPerSecond === undefined
        ? undefined
        : (design.entriesPerSecond ?? application.entriesPerSecond);
    const needed = rate === undefined ? 0 : Math.ceil(design.peak.entriesPerSecond / rate);
    const kpus = Math.max(written, needed);
    const why =
      rate === undefined
        ? `${written} in its file; what it takes has not been measured`
        : `${written} in its file, ${needed} for ${amount(design.peak.entriesPerSecond)} entries/s at the peak, ${amount(rate)} a vCPU`;
    return [
      {
        service: 'Managed Flink',
        what: `${name}: KPUs`,
        how: `${why}; 1 more for orchestration`,
        usdPerMonth: (kpus + 1) * HOURS_PER_MONTH * prices.kpuHour.usd,
      },
      {
        service: 'Managed Flink',
        what: `${name}: storage`,
        how: `${STORAGE_GB_PER_KPU} GB with each of ${kpus} KPUs`,
        usdPerMonth: kpus * STORAGE_GB_PER_KPU * prices.runningStorageGbMonth.usd,
      },
    ];
  });
