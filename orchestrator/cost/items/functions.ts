import type { CostItem, CostPart } from '../cost-items';
import { DAYS_PER_MONTH, SECONDS_PER_MONTH } from '../workload';
import { amount } from './amounts';

/** A function with this memory has one vCPU (Lambda Developer Guide, memory). */
const MB_PER_VCPU = 1_769;
/** Of the estimator and of the others, as CDK makes them. */
const ESTIMATOR_MB = 1_024;
const OTHER_MB = 512;
/** Assumed, not measured on Lambda: what a call waits for Kinesis, and how long one for an excess takes. */
const PUT_SECONDS = 0.015;
const EXCESS_SECONDS = 0.1;
/** The alerter, the suspender and the notifier. */
const CALLS_PER_EXCESS = 3;
/** Lambda polls a queue with five requests at once, each waiting up to 20 s (Lambda Developer Guide, SQS). */
const QUEUES = 2;
const POLLS_PER_SECOND = 5 / 20;

/** The estimator's calls and time, the functions behind it, and the queues between them. */
export const functions: CostPart = ({ workload, design, measured, prices }): CostItem[] => {
  const { mean } = design;
  const calls = mean.batchesPerSecond * SECONDS_PER_MONTH;
  const micros = measured.figures.estimatorMicroseconds.value;
  const cpuSeconds = (mean.changesPerSecond * SECONDS_PER_MONTH * micros) / 1e6;
  // With less memory the same work takes as much longer.
  const gbSeconds = (cpuSeconds * MB_PER_VCPU + calls * PUT_SECONDS * ESTIMATOR_MB) / 1024;
  const excessCalls = workload.excessesPerDay * DAYS_PER_MONTH * CALLS_PER_EXCESS;
  const excessUsd =
    (excessCalls / 1e6) * prices.lambdaMillionRequests.usd +
    ((excessCalls * EXCESS_SECONDS * OTHER_MB) / 1024) * prices.lambdaGbSecond.usd;
  const polls = QUEUES * POLLS_PER_SECOND * SECONDS_PER_MONTH;
  return [
    {
      service: 'Lambda',
      what: 'estimator: calls',
      how: `${amount(calls)} with ${amount(mean.changesPerBatch)} changes each`,
      usdPerMonth: (calls / 1e6) * prices.lambdaMillionRequests.usd,
    },
    {
      service: 'Lambda',
      what: 'estimator: time',
      how: `${amount(gbSeconds)} GB-s: ${micros} µs of a vCPU for each change, and ${PUT_SECONDS * 1000} ms of waiting for each call`,
      usdPerMonth: gbSeconds * prices.lambdaGbSecond.usd,
    },
    {
      service: 'Lambda',
      what: 'alerter, suspender, notifier',
      how: `${amount(excessCalls)} calls for ${amount(workload.excessesPerDay)} excesses a day`,
      usdPerMonth: excessUsd,
    },
    {
      service: 'SQS',
      what: 'requests',
      how: `${amount(polls)} polls of ${QUEUES} queues, and what they hold`,
      usdPerMonth: ((polls + excessCalls * 2) / 1e6) * prices.sqsMillionRequests.usd,
    },
    {
      service: 'DynamoDB',
      what: 'control table',
      how: 'ten writes for each excess, on demand',
      usdPerMonth: ((workload.excessesPerDay * DAYS_PER_MONTH * 10) / 1e6) * prices.tableMillionWrites.usd,
    },
  ];
};
