import { attributeSizeBytes, type Image, utf8Bytes } from './item-size';
import { sameAttribute } from './same-attribute';

/** What a change did to an item, in bytes as DynamoDB counts them; 0 where there was or is none. */
export interface Difference {
  oldBytes: number;
  newBytes: number;
  /** Whether any attribute changed, came or went. */
  changed: boolean;
  /** The same of the attributes that somebody watches, by their position: name and value together. */
  readonly watched: readonly AttributeDifference[];
}

export interface AttributeDifference {
  oldBytes: number;
  newBytes: number;
  changed: boolean;
}

/**
 * Compares and sizes both images in one walk: an attribute that did not change, as most do not, is sized once.
 * Throws Malformed, naming the attribute, where a value is not of DynamoDB's form.
 *
 * @param watch positions, from 0 without a gap, of the attributes whose own difference is wanted
 */
export function differenceOf(
  oldImage: Image | undefined,
  newImage: Image | undefined,
  watch: ReadonlyMap<string, number>,
): Difference {
  const watched = Array.from({ length: watch.size }, (): AttributeDifference => ({
    oldBytes: 0,
    newBytes: 0,
    changed: false,
  }));
  const difference = { oldBytes: 0, newBytes: 0, changed: false, watched };
  for (const name in newImage) {
    const value = newImage[name];
    const nameBytes = utf8Bytes(name);
    const newBytes = nameBytes + attributeSizeBytes(value, name);
    let oldBytes = 0;
    let changed = true;
    if (oldImage !== undefined && Object.hasOwn(oldImage, name)) {
      const before = oldImage[name];
      changed = !sameAttribute(value, before);
      oldBytes = changed ? nameBytes + attributeSizeBytes(before, name) : newBytes;
    }
    note(difference, watch, name, oldBytes, newBytes, changed);
  }
  for (const name in oldImage) {
    if (newImage !== undefined && Object.hasOwn(newImage, name)) continue;
    note(difference, watch, name, utf8Bytes(name) + attributeSizeBytes(oldImage[name], name), 0, true);
  }
  return difference;
}

function note(
  difference: Difference,
  watch: ReadonlyMap<string, number>,
  name: string,
  oldBytes: number,
  newBytes: number,
  changed: boolean,
): void {
  difference.oldBytes += oldBytes;
  difference.newBytes += newBytes;
  if (changed) difference.changed = true;
  if (watch.size === 0) return;
  const position = watch.get(name);
  const attribute = position === undefined ? undefined : difference.watched[position];
  if (attribute === undefined) return;
  attribute.oldBytes = oldBytes;
  attribute.newBytes = newBytes;
  attribute.changed = changed;
}
