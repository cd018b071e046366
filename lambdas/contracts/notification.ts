import type { SuspensionEvent } from './suspension-event';

/** Of these events people are told; a message of the notification queue is such an event. */
export const toldKinds: ReadonlySet<SuspensionEvent['kind']> = new Set([
  'suspended',
  'added',
  'lifted',
  'ended',
  'breaker-opened',
  'breaker-reset',
] as const);
