import type { CostItem, CostPart } from '../cost-items';
import { HOURS_PER_MONTH, SECONDS_PER_MONTH } from '../workload';
import { amount } from './amounts';

/** ElastiCache Serverless with Valkey meters at least so much; suspensions take far less. */
const LEAST_GB = 0.1;
/** A guard reads the store's version every two seconds, and counts refusals every ten. */
const UNITS_PER_GUARD_SECOND = 1 / 2 + 1 / 10;
/** One for each login of the cache: the functions', and the guards'. */
const SECRETS = 2;

/** The cache that suspensions lie in, and how the functions in the VPC reach AWS. */
export const cacheAndNetwork: CostPart = ({ workload, design, prices }): CostItem[] => {
  const { guards, zones } = workload;
  const perSecond =
    guards * UNITS_PER_GUARD_SECOND + (design.asksCachePerRequest ? design.mean.changesPerSecond : 0);
  const units = perSecond * SECONDS_PER_MONTH;
  return [
    {
      service: 'ElastiCache',
      what: 'storage',
      how: `${LEAST_GB} GB, the least there is`,
      usdPerMonth: LEAST_GB * HOURS_PER_MONTH * prices.cacheGbHour.usd,
    },
    {
      service: 'ElastiCache',
      what: 'units',
      how: `${amount(units)}: ${guards} guards${design.asksCachePerRequest ? ', and one for each request' : ''}`,
      usdPerMonth: (units / 1e6) * prices.cacheMillionUnits.usd,
    },
    {
      service: 'VPC',
      what: design.hasNat ? 'NAT gateways' : 'endpoint of SQS',
      how: `one in each of ${zones} zones; DynamoDB's endpoint costs nothing`,
      usdPerMonth: zones * HOURS_PER_MONTH * (design.hasNat ? prices.natHour : prices.endpointHour).usd,
    },
    {
      service: 'Secrets Manager',
      what: 'logins of the cache',
      how: `${SECRETS} secrets`,
      usdPerMonth: SECRETS * prices.secretMonth.usd,
    },
  ];
};
