import { setImmediate } from 'node:timers/promises';
import type { Suspension, SuspensionScope } from './suspension';

/** One change of the active set, as the suspender publishes it. */
export type Change = {
  /** The version that this change made; each change raises it by one. */
  readonly version: number;
  readonly epoch: string;
} & ({ readonly suspension: Suspension } | { readonly lifted: string });

/**
 * Reads a suspension as the store holds it, or answers undefined when it is none that this guard understands.
 * Only what the guard acts on is looked at; the suspender has validated the rest.
 */
export function readSuspension(text: string): Suspension | undefined {
  const value = readObject(text);
  return value !== undefined && isSuspension(value) ? value : undefined;
}

const readTogether = 1_000;

/**
 * Reads all that the store holds, as readSuspension does each. A large set is read in parts with the API's own work in
 * between, which would else wait.
 */
export async function readSuspensions(texts: readonly string[]): Promise<(Suspension | undefined)[]> {
  const read: (Suspension | undefined)[] = [];
  for (let from = 0; from < texts.length; from += readTogether) {
    if (from > 0) await setImmediate();
    for (const text of texts.slice(from, from + readTogether)) read.push(readSuspension(text));
  }
  return read;
}

/** Reads a published change, or answers undefined when it is none that this guard understands. */
export function readChange(text: string): Change | undefined {
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
    isScope(scope) &&
    isObject(reason) &&
    [reason['units'], reason['limit'], reason['windowStart'], reason['windowEnd']].every(Number.isFinite)
  );
}

function isScope(value: unknown): value is SuspensionScope {
  if (value === 'writes' || value === 'everything') return true;
  return typeof value === 'string' && value.startsWith('route:') && value.length > 'route:'.length;
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
