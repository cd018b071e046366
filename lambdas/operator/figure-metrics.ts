import type { HourFigures } from '../contracts/operator';
import { metricLine } from '../suspender/suspension-metrics';

const hourMs = 3_600_000;

/**
 * What is new in the figures of an hour as metrics: their sum over an hour is the figure of that hour. What is found
 * after the hour has the time of its last moment, so that it counts there. None where an hour that is over has nothing
 * new.
 *
 * @param active suspensions in force; known of the present only
 */
export function figureMetrics(
  store: string,
  { hour, subjectsSuspended, subjectsSimulated, requestsPrevented }: HourFigures,
  active: number | undefined,
  nowMs: number,
): string[] {
  if (active === undefined && subjectsSuspended + subjectsSimulated + requestsPrevented === 0) return [];
  const values = {
    ...(active === undefined ? {} : { ActiveSuspensions: active }),
    SubjectsSuspended: subjectsSuspended,
    SubjectsSuspendedSimulated: subjectsSimulated,
    RequestsPrevented: requestsPrevented,
  };
  return [metricLine(store, values, Math.min(nowMs, (hour + 1) * hourMs - 1))];
}
