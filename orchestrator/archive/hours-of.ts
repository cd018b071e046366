import { hourOfKey } from './layout';
import type { HourOfArchive } from './usage-archive';

/** What the hours hold of objects that come in the order of their keys; what is no object of an hour is left out. */
export function hoursOf(
  objects: readonly { readonly key: string; readonly bytes: number }[],
): HourOfArchive[] {
  const hours = new Map<string, HourOfArchive>();
  for (const { key, bytes } of objects) {
    const hour = hourOfKey(key);
    if (hour === undefined) continue;
    const name = `${hour.day}T${hour.hour}`;
    const before = hours.get(name) ?? { ...hour, objects: 0, bytes: 0 };
    hours.set(name, { ...hour, objects: before.objects + 1, bytes: before.bytes + bytes });
  }
  return [...hours.values()];
}
