import type { DynamoDBRecord } from 'aws-lambda';
import type { Image } from './item-size';

const deleting = 'aws:rep:deleting';

/**
 * Whether a global table's change came from another region, where it is counted. The stream itself does not say so
 * (version 2019.11.21), so the item has to: its new image names the region that wrote it. A delete leaves no new
 * image, and the old one tells who wrote the item and not who deleted it: it counts as this region's, except in
 * version 2017.11.29, which marks an item with the deleting region before it is deleted.
 *
 * @param attribute in which every writer names its region; `aws:rep:updateregion` in version 2017.11.29
 */
export function isReplicated(
  record: DynamoDBRecord,
  attribute: string,
  oldImage: Image | undefined,
  newImage: Image | undefined,
): boolean {
  const image = newImage ?? (isTrue(oldImage?.[deleting]) ? oldImage : undefined);
  if (image === undefined || !Object.hasOwn(image, attribute)) return false;
  const region = (image[attribute] as { S?: unknown } | null)?.S;
  return typeof region === 'string' && record.awsRegion !== undefined && region !== record.awsRegion;
}

function isTrue(attribute: unknown): boolean {
  return (attribute as { BOOL?: unknown } | null | undefined)?.BOOL === true;
}
