import type { CostItem, CostPart } from '../cost-items';
import { SECONDS_PER_MONTH } from '../workload';
import { amount } from './amounts';

/** As the functions write and CDK makes them, with one table; an alarm that calculates counts once for each metric. */
const METRICS = 21;
const ALARMS = 20;
/** Of the three lines that Lambda itself writes for each call, with what CloudWatch adds. Assumed, not measured. */
const CALL_BYTES = 350;

/** CloudWatch: metrics, alarms, a dashboard, and logs, nearly all of which are the estimator's, some lines for each call. */
export const watching: CostPart = ({ workload, design, measured, prices }): CostItem[] => {
  const calls = design.mean.batchesPerSecond * SECONDS_PER_MONTH;
  const bytes = measured.figures.metricBytes.value * workload.resources + CALL_BYTES;
  const gb = (calls * bytes) / 1e9;
  return [
    {
      service: 'CloudWatch',
      what: 'metrics, alarms, dashboard',
      how: `${METRICS} metrics, ${ALARMS} alarms, 1 dashboard`,
      usdPerMonth:
        METRICS * prices.metricMonth.usd + ALARMS * prices.alarmMonth.usd + prices.dashboardMonth.usd,
    },
    {
      service: 'CloudWatch',
      what: 'logs',
      how: `${amount(gb)} GB: ${bytes} bytes for each of the estimator's calls`,
      usdPerMonth: gb * prices.logGb.usd,
    },
  ];
};
