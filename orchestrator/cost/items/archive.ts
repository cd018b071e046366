import type { CostItem, CostPart } from '../cost-items';
import { SECONDS_PER_MONTH } from '../workload';
import { amount } from './amounts';

/** Firehose charges for each record as if it were so much, or a multiple. */
const ROUNDED_TO_BYTES = 5 * 1024;
const GB = 1024 ** 3;

/**
 * Firehose with conversion to Parquet, a month of usage in S3, and one billing run over it on Athena. Bytes are those of
 * JSON: Parquet takes less, how much less has not been measured.
 */
export const archive: CostPart = ({ workload, design, prices }): CostItem[] => {
  if (!workload.archive) return [];
  const { recordsPerSecond, bytesPerRecord, bytesPerSecond } = design.mean;
  const rounded = Math.ceil(bytesPerRecord / ROUNDED_TO_BYTES) * ROUNDED_TO_BYTES;
  const charged = (recordsPerSecond * SECONDS_PER_MONTH * rounded) / GB;
  const kept = (bytesPerSecond * SECONDS_PER_MONTH) / GB;
  return [
    {
      service: 'Firehose',
      what: 'archive',
      how: `${amount(charged)} GB: each record of ${amount(bytesPerRecord)} bytes counts as ${rounded / 1024} KB; to Parquet`,
      usdPerMonth: charged * (prices.firehoseGb.usd + prices.firehoseConversionGb.usd),
    },
    {
      service: 'S3',
      what: 'archive',
      how: `${amount(kept)} GB, one month of it`,
      usdPerMonth: kept * prices.s3GbMonth.usd,
    },
    {
      service: 'Athena',
      what: 'billing',
      how: `one run over the month, ${amount(kept)} GB scanned`,
      usdPerMonth: (kept / 1024) * prices.athenaTb.usd,
    },
  ];
};
