import { durationSeconds } from '../definition/parameters';
import { UserFault } from '../user-fault';

/** A whole number of an option, from 1 on. */
export function countOption(option: string, text: string, most: number): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw new UserFault(`${option} is "${text}". Give a whole number from 1 to ${most}.`);
}

/** Seconds of an option's duration. */
export function durationOption(option: string, text: string): number {
  const seconds = durationSeconds(text);
  if (seconds !== undefined) return seconds;
  throw new UserFault(
    `${option} is "${text}". Give whole seconds, minutes or hours, such as 30s, 10m or 1h.`,
  );
}
