import { durationSeconds } from '../definition/parameters';
import { findPlaceholders } from '../definition/placeholders';
import type { Files } from './plan-input';

/** How far back a job looks, and how long it waits for what is late. */
export interface LookBack {
  /** The longest duration that one of its detections uses. */
  windowSeconds: number;
  delaySeconds: number;
}

type Texts = Readonly<Record<string, string>>;

/** What a release needs of the usage stream before it can speak. Pure. */
export function lookBackOf(files: Files, parameters: Texts): LookBack {
  const windows = [...files]
    .filter(([path]) => path.startsWith('detections/') && path.endsWith('.sql'))
    .flatMap(([, sql]) => findPlaceholders(sql).flatMap(({ name }) => name ?? []))
    .map((name) => durationSeconds(parameters[name] ?? '') ?? 0);
  return {
    windowSeconds: Math.max(0, ...windows),
    delaySeconds: durationSeconds(parameters['delay'] ?? '') ?? 0,
  };
}

/** What covers both. */
export function longestLookBack(one: LookBack, other: LookBack): LookBack {
  return {
    windowSeconds: Math.max(one.windowSeconds, other.windowSeconds),
    delaySeconds: Math.max(one.delaySeconds, other.delaySeconds),
  };
}
