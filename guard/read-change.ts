import type { Suspension } from '../lambdas/contracts/suspension';
import type { StoreChange } from '../lambdas/contracts/suspension-store';

/**
 * Reads a suspension as the store holds it, or answers undefined when it is none that this guard understands.
 * Only what the guard acts on is looked at; the suspender has validated the rest.
 */
export function readSuspension(text: string): Suspension | undefined {
  const value = readObject(text);
  return value !== undefined && isSuspension(value) ? value : undefined;
}

/** Reads a published change, or answers undefined when it is none that this guard understands. */
export function readChange(text: string): StoreChange | undefined {
  const value = readObject(text);
  if (value === undefined) return undefined;
  const { version, epoch, suspension, lifted } = value;
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || typeof epoch !== 'string')
    return undefined;
  if (typeof lifted === 'string') return { version, epoch, lifted };
  return isObject(suspension) && isSuspension(suspension) ? { version, epoch, suspension } : undefined;
}

function isSuspension(value: object): value is Suspension {
  const { version, subject, until, scope, reason } = value as Partial<Record<keyof Suspension, unknown>>;
  return (
    version === 1 &&
    typeof subject === 'string' &&
    subject !== '' &&
    typeof until === 'number' &&
    Number.isFinite(until) &&
    (scope === 'writes' || scope === 'everything') &&
    isObject(reason) &&
    [reason['units'], reason['limit'], reason['windowStart'], reason['windowEnd']].every(Number.isFinite)
  );
}

function readObject(text: string): Partial<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Partial<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
