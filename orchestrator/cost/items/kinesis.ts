import type { CostPart } from '../cost-items';
import { shardsFor } from '../traffic';
import { HOURS_PER_MONTH, SECONDS_PER_MONTH } from '../workload';
import { amount } from './amounts';

/** Of the streams for excesses and for what is set aside, one each: they carry next to nothing. */
const OTHER_SHARDS = 2;

/** Shards by the hour, enough for the peak, and what is put by units of 25 KB of a record. */
export const kinesis: CostPart = ({ workload, design, prices }) => {
  const { mean, peak } = design;
  const shards = workload.usageShards ?? shardsFor(peak);
  const units = mean.putUnitsPerSecond * SECONDS_PER_MONTH;
  return [
    {
      service: 'Kinesis',
      what: 'shards',
      how: `${shards} for usage (${amount(peak.bytesPerSecond / 1024)} KB/s at the peak, three readers) and ${OTHER_SHARDS} more`,
      usdPerMonth: (shards + OTHER_SHARDS) * HOURS_PER_MONTH * prices.kinesisShardHour.usd,
    },
    {
      service: 'Kinesis',
      what: 'puts',
      how: `${amount(units)} units: ${amount(mean.recordsPerSecond)} records/s of ${amount(mean.bytesPerRecord)} bytes`,
      usdPerMonth: (units / 1e6) * prices.kinesisMillionPutUnits.usd,
    },
  ];
};
