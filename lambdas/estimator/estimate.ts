import type { DynamoDBRecord, StreamRecord } from 'aws-lambda';
import { type KeyAttribute, keyText } from '../contracts/key-text';
import { differenceOf } from './difference';
import { indexUnits } from './index-units';
import type { Image } from './item-size';
import { Malformed } from './malformed';
import type { IndexPrice } from './price-list';
import { type Readings, secondOf, type StreamReading } from './readings';
import { isReplicated } from './replica';
import { type Subject, subjectOf } from './subject-template';
import type { KeyAttributeShape } from './table-shape';
import { transactionFactor } from './transaction-factor';
import { writeUnits } from './write-units';

/** What one change costs one resource under one of its keys. */
export interface Cost {
  readonly resource: string;
  readonly key: string;
  readonly units: number;
}

/** What one change costs whom. */
export interface ChangeCost {
  readonly source: string;
  /** Epoch second of the change. */
  readonly second: number;
  /** Empty where the template found none: the units count against the keys all the same. */
  readonly subject: string;
  /** The table's own first; each (resource, key) once. */
  readonly costs: readonly Cost[];
}

export type SetAsideReason = 'malformed' | 'unknown-table' | 'table-gone' | 'view-type';

export type Estimate =
  | {
      readonly kind: 'cost';
      readonly cost: ChangeCost;
      readonly noSubject?: Extract<Subject, { found: false }>;
    }
  /** A change that is not to be counted here: an item's expiry, what another region wrote, or reporters report. */
  | { readonly kind: 'free'; readonly why: 'expiry' | 'replicated' | 'reported-elsewhere' }
  | { readonly kind: 'set-aside'; readonly reason: SetAsideReason; readonly detail: string };

/** What one stream record cost, or why that cannot be said. Never throws for anything a record may hold. */
export function estimate(record: DynamoDBRecord | null | undefined, readings: Readings): Estimate {
  try {
    return estimateRecord(record, readings);
  } catch (cause) {
    if (cause instanceof Malformed) return malformed(record, cause.message);
    throw cause;
  }
}

function estimateRecord(record: DynamoDBRecord | null | undefined, readings: Readings): Estimate {
  const change = record?.dynamodb;
  if (record == null || change == null) throw new Malformed('it has no dynamodb section');
  if (typeof record.eventID !== 'string' || record.eventID === '') throw new Malformed('it has no eventID');
  const second = secondOf(change.ApproximateCreationDateTime);
  if (second === undefined) {
    const time = JSON.stringify(change.ApproximateCreationDateTime);
    throw new Malformed(`its ApproximateCreationDateTime ${time} is no epoch second`);
  }
  const reading = readings.get(record.eventSourceARN ?? '');
  if (reading === undefined) {
    throw new Malformed(`its eventSourceARN ${JSON.stringify(record.eventSourceARN)} names no table`);
  }
  if (reading.kind === 'unread') {
    if (reading.reason === 'malformed') throw new Malformed(reading.detail);
    return setAside(reading.reason, reading.detail);
  }
  if (reading.kind === 'reported-elsewhere') return { kind: 'free', why: 'reported-elsewhere' };
  if (isExpiry(record)) return { kind: 'free', why: 'expiry' };
  const source = reading.prices.shape.table;
  const missing = missingImage(record.eventName, change);
  if (missing !== undefined) {
    return setAside(
      'view-type',
      `the stream's view type must be NEW_AND_OLD_IMAGES: the ${record.eventName ?? ''} ${record.eventID} of ` +
        `the table ${source} has ${missing}`,
    );
  }
  const oldImage = imageOf(change.OldImage);
  const newImage = imageOf(change.NewImage);
  const { writingRegion, subject: template } = reading.settings;
  if (writingRegion !== undefined && isReplicated(record, writingRegion, oldImage, newImage)) {
    return { kind: 'free', why: 'replicated' };
  }
  const costs = costsOf(reading, change, oldImage, newImage);
  const subject = subjectOf(template, [change.Keys, newImage, oldImage]);
  const cost: ChangeCost = { source, second, subject: subject.found ? subject.subject : '', costs };
  return subject.found ? { kind: 'cost', cost } : { kind: 'cost', cost, noSubject: subject };
}

function costsOf(
  { prices, settings }: StreamReading,
  change: StreamRecord,
  oldImage: Image | undefined,
  newImage: Image | undefined,
): Cost[] {
  const difference = differenceOf(oldImage, newImage, prices.watch);
  const factor = transactionFactor(settings.transactions, oldImage, newImage);
  let units = factor * writeUnits(difference.oldBytes, difference.newBytes);
  const { table, partitionKey } = prices.shape;
  const inIndexes: Cost[] = [];
  for (const index of prices.indexes) {
    const { removed, added } = indexUnits(index, difference, oldImage, newImage);
    if (index.isLocal) units += removed + added;
    else addIndexCosts(inIndexes, index, removed, added, oldImage, newImage);
  }
  const own = { resource: table, key: keyOf(change.Keys, partitionKey), units };
  return inIndexes.length === 0 ? [own] : [own, ...inIndexes];
}

/** An entry's removal counts against the key it was under, what came against the key it came under. */
function addIndexCosts(
  costs: Cost[],
  { resource, partitionKey }: IndexPrice,
  removed: number,
  added: number,
  oldImage: Image | undefined,
  newImage: Image | undefined,
): void {
  const oldKey = removed > 0 ? keyIn(oldImage, partitionKey) : '';
  const newKey = added > 0 ? keyIn(newImage, partitionKey) : '';
  if (removed > 0 && added > 0 && oldKey === newKey) {
    costs.push({ resource, key: oldKey, units: removed + added });
    return;
  }
  if (removed > 0) costs.push({ resource, key: oldKey, units: removed });
  if (added > 0) costs.push({ resource, key: newKey, units: added });
}

/**
 * A delete by time to live takes no write capacity, of the table or of its indexes (DynamoDB Developer Guide, "Using
 * time to live"), and says so by who made it ("DynamoDB Streams and Time to Live").
 */
function isExpiry(record: DynamoDBRecord): boolean {
  if (record.userIdentity == null) return false;
  const identity = record.userIdentity as { type?: unknown; principalId?: unknown };
  return (
    record.eventName === 'REMOVE' &&
    identity.type === 'Service' &&
    identity.principalId === 'dynamodb.amazonaws.com'
  );
}

function missingImage(eventName: DynamoDBRecord['eventName'], change: StreamRecord): string | undefined {
  const viewType = change.StreamViewType;
  if (viewType !== undefined && viewType !== 'NEW_AND_OLD_IMAGES') return `the view type ${viewType}`;
  switch (eventName) {
    case 'INSERT':
      return change.NewImage === undefined ? 'no NewImage' : undefined;
    case 'MODIFY':
      if (change.NewImage === undefined) return 'no NewImage';
      return change.OldImage === undefined ? 'no OldImage' : undefined;
    case 'REMOVE':
      return change.OldImage === undefined ? 'no OldImage' : undefined;
    default:
      throw new Malformed(`its eventName ${JSON.stringify(eventName)} is none of INSERT, MODIFY, REMOVE`);
  }
}

function imageOf(image: Image | undefined): Image | undefined {
  if (image === undefined || (typeof image === 'object' && (image as unknown) !== null)) return image;
  throw new Malformed('an image is no map');
}

function keyOf(keys: Image | undefined, { name, type }: KeyAttributeShape): string {
  const attribute = keys?.[name] as Readonly<Record<string, unknown>> | null | undefined;
  const value = attribute?.[type];
  if (typeof value === 'string') return keyText([{ [type]: value } as KeyAttribute]);
  throw new Malformed(
    `its Keys hold no value of type ${type} of the partition key ${JSON.stringify(name)}, as the table's ` +
      `description has it`,
  );
}

/** The key of an index entry; that the image has all its attributes was seen when it was priced. */
function keyIn(image: Image | undefined, partitionKey: readonly KeyAttributeShape[]): string {
  return keyText(
    partitionKey.map(({ name, type }) => {
      const attribute = image?.[name] as Readonly<Record<string, unknown>> | undefined;
      return { [type]: attribute?.[type] } as KeyAttribute;
    }),
  );
}

function malformed(record: DynamoDBRecord | null | undefined, problem: string): Estimate {
  const id: unknown = record?.eventID;
  const name = typeof id === 'string' && id !== '' ? `the stream record ${id}` : 'a stream record';
  return setAside('malformed', `${name} cannot be read: ${problem}`);
}

function setAside(reason: SetAsideReason, detail: string): Estimate {
  return { kind: 'set-aside', reason, detail };
}
