import type { HourFigures } from '../contracts/operator';
import { metricLine } from '../delivery/metrics';

const hourMs = 3_600_000;

/** How it is at the moment of a sweep. */
export interface Present {
  readonly active: number;
  readonly isBreakerOpen: boolean;
}

/**
 * What is new in the figures of an hour as metrics: their sum over an hour is the figure of that hour. What is found
 * after the hour has the time of its last moment, so that it counts there. None where an hour that is over has nothing
 * new.
 *
 * @param present known of the running hour only; its absence from all metrics says that nobody swept
 */
export function figureMetrics(
  Store: string,
  { hour, subjectsSuspended, subjectsSimulated, requestsPrevented }: HourFigures,
  present: Present | undefined,
  nowMs: number,
): string[] {
  if (present === undefined && subjectsSuspended + subjectsSimulated + requestsPrevented === 0) return [];
  const values = {
    ...(present !== undefined && {
      ActiveSuspensions: present.active,
      BreakerOpen: present.isBreakerOpen ? 1 : 0,
    }),
    SubjectsSuspended: subjectsSuspended,
    SubjectsSuspendedSimulated: subjectsSimulated,
    RequestsPrevented: requestsPrevented,
  };
  return [metricLine({ Store }, values, Math.min(nowMs, (hour + 1) * hourMs - 1))];
}
