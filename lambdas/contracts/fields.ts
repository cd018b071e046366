import { z } from 'zod';

/** Every record that passes between parts says which version of its contract it follows. */
export const version = z.literal(1);

/** Write units, counts, seconds: whole numbers that a JSON number carries without loss. */
export const wholeNumber = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);

/** Seconds since 1970 in event time. */
export const epochSecond = wholeNumber;

/** Milliseconds since 1970 on the suspender's and guards' clocks. */
export const epochMs = wholeNumber;

export const name = z.string().min(1);
