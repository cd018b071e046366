import { z } from 'zod';
import { epochSecond, name, version, wholeNumber } from './fields';

/** The statement, made by a detection in Flink, that a heat passed its limit. */
export const excess = z.strictObject({
  version,
  /** The application's logical name: the same for both applications of a handover. */
  application: name,
  generation: wholeNumber,
  detection: name,
  /**
   * What follows: its subject is suspended, or people are told and nobody is suspended. Absent is `suspend`, as it was
   * before detections could choose; a word that is none of these is refused and suspends nobody.
   */
  action: z.enum(['suspend', 'notify']).optional(),
  resource: name,
  key: name,
  /** Empty where the units have no subject: such an excess is reported and suspends nobody. */
  subject: z.string(),
  /** Heat: write units of this resource, key and subject inside the window. */
  units: wholeNumber,
  /** Write units per window. */
  limit: wholeNumber,
  /** The most write units that one second of the window holds. */
  peakSecondUnits: wholeNumber,
  /** How many seconds of the window hold a write. */
  activeSeconds: wholeNumber,
  windowStart: epochSecond,
  /** Exclusive. */
  windowEnd: epochSecond,
  /** Of a detection that ranks the subjects of one key. */
  rank: wholeNumber.optional(),
  share: z.number().min(0).max(1).optional(),
  keyUnits: wholeNumber.optional(),
});

export type Excess = z.infer<typeof excess>;
