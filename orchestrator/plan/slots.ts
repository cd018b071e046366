import type { Generation } from '../../lambdas/contracts/generations';
import type { Slot } from './plan-input';

/** The name in the service of one of an application's two slots; people see neither. */
export function slotName(serviceName: string, slot: Slot): string {
  return slot === 'blue' ? serviceName : `${serviceName}-green`;
}

/** The slot of the newest generation that is no shadow; blue where there is none. */
export function liveSlot(generations: readonly Generation[]): Slot {
  return liveGeneration(generations)?.slot ?? 'blue';
}

export function otherSlot(slot: Slot): Slot {
  return slot === 'blue' ? 'green' : 'blue';
}

/** The newest generation that is no shadow. */
export function liveGeneration(generations: readonly Generation[]): Generation | undefined {
  return generations.filter(({ shadow }) => shadow !== true).at(-1);
}
