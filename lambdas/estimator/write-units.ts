const unitBytes = 1024;

/**
 * Write units that a change of an item costs its table: one for each KB of the larger of the item before and after
 * it, begun ones whole, at least 1. A delete costs by the item it removed. (DynamoDB Developer Guide, "DynamoDB
 * read and write operations": an update costs by the larger of the two sizes, whatever part of it changed.)
 *
 * @param oldBytes size of the item before the change, 0 where there was none
 * @param newBytes size of the item after the change, 0 where there is none
 */
export function writeUnits(oldBytes: number, newBytes: number): number {
  return Math.max(1, Math.ceil(Math.max(oldBytes, newBytes) / unitBytes));
}
