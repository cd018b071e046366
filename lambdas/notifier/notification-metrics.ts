import { metricLine } from '../delivery/metrics';

/** What a batch of messages counts for. None where all were told, or need not be. */
export function notificationMetrics(Store: string, failed: number, nowMs: number): string[] {
  return failed === 0 ? [] : [metricLine({ Store }, { NotificationsFailed: failed }, nowMs)];
}
