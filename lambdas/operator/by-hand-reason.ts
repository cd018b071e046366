import type { Excess } from '../contracts/excess';

/** The application and detection that a suspension by hand names, which no detection can be called. */
export const byHandName = '(by hand)';

/**
 * The reason of a suspension that a person made. Guards know reasons only as excesses, so it is one of no units and no
 * resource; why and by whom stands in the log of decisions, which customers do not see.
 */
export function byHandReason(subject: string, nowMs: number): Excess {
  const second = Math.floor(nowMs / 1000);
  return {
    version: 1,
    application: byHandName,
    generation: 0,
    detection: byHandName,
    resource: byHandName,
    key: byHandName,
    subject,
    units: 0,
    limit: 0,
    peakSecondUnits: 0,
    activeSeconds: 0,
    windowStart: second,
    windowEnd: second,
  };
}
