import type { DynamoDBRecord, StreamRecord } from 'aws-lambda';
import { type KeyAttribute, keyText } from '../contracts/key-text';
import { type Image, itemSizeBytes } from './item-size';
import { Malformed } from './malformed';
import type { TableSettings } from './settings';
import { type Subject, subjectOf } from './subject-template';
import { writeUnits } from './write-units';

/** What one change costs whom. */
export interface Cost {
  readonly source: string;
  /** Epoch second of the change. */
  readonly second: number;
  readonly resource: string;
  readonly key: string;
  /** Empty where the template found none: the units count against the key all the same. */
  readonly subject: string;
  readonly units: number;
}

export type SetAsideReason = 'malformed' | 'unknown-table' | 'view-type';

export type Estimate =
  | { readonly kind: 'cost'; readonly cost: Cost; readonly noSubject?: Extract<Subject, { found: false }> }
  /** A change that takes no write capacity, such as an item's expiry. */
  | { readonly kind: 'free' }
  | { readonly kind: 'set-aside'; readonly reason: SetAsideReason; readonly detail: string };

/** What one stream record cost, or why that cannot be said. Never throws for anything a record may hold. */
export function estimate(
  record: DynamoDBRecord | null | undefined,
  tables: ReadonlyMap<string, TableSettings>,
): Estimate {
  try {
    return estimateRecord(record, tables);
  } catch (cause) {
    if (cause instanceof Malformed) return malformed(record, cause.message);
    throw cause;
  }
}

function estimateRecord(
  record: DynamoDBRecord | null | undefined,
  tables: ReadonlyMap<string, TableSettings>,
): Estimate {
  const change = record?.dynamodb;
  if (record == null || change == null) throw new Malformed('it has no dynamodb section');
  if (!record.eventID) throw new Malformed('it has no eventID');
  const source = tableOf(record.eventSourceARN);
  const table = tables.get(source);
  if (table === undefined) {
    return setAside('unknown-table', `no settings for the table ${source}: add it to SPILLWAY_TABLES`);
  }
  if (isExpiry(record)) return { kind: 'free' };
  const missing = missingImage(record.eventName, change);
  if (missing !== undefined) {
    return setAside(
      'view-type',
      `the stream's view type must be NEW_AND_OLD_IMAGES: the ${record.eventName ?? ''} ${record.eventID} of ` +
        `the table ${source} has ${missing}`,
    );
  }
  const units = writeUnits(sizeOf(change.OldImage), sizeOf(change.NewImage));
  const subject = subjectOf(table.subject, [change.Keys, change.NewImage, change.OldImage]);
  const cost: Cost = {
    source,
    second: secondOf(change),
    resource: source,
    key: keyOf(change, table.partitionKey),
    subject: subject.found ? subject.subject : '',
    units,
  };
  return subject.found ? { kind: 'cost', cost } : { kind: 'cost', cost, noSubject: subject };
}

/** The table's name in `arn:aws:dynamodb:<region>:<account>:table/<table>/stream/<label>`. */
function tableOf(arn: string | undefined): string {
  const from = arn?.indexOf(':table/') ?? -1;
  const to = arn?.indexOf('/', from + ':table/'.length) ?? -1;
  const name = from < 0 ? '' : arn?.slice(from + ':table/'.length, to < 0 ? undefined : to);
  if (!name) throw new Malformed(`its eventSourceARN ${JSON.stringify(arn)} names no table`);
  return name;
}

/**
 * A delete by time to live takes no write capacity (DynamoDB Developer Guide, "Using time to live"), and says so by
 * who made it ("DynamoDB Streams and Time to Live").
 */
function isExpiry(record: DynamoDBRecord): boolean {
  const identity = record.userIdentity as { type?: unknown; principalId?: unknown } | null | undefined;
  return (
    record.eventName === 'REMOVE' &&
    identity?.type === 'Service' &&
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

function sizeOf(image: Image | undefined): number {
  if (image === undefined) return 0;
  if (typeof image !== 'object' || (image as unknown) === null) throw new Malformed('an image is no map');
  return itemSizeBytes(image);
}

function secondOf(change: StreamRecord): number {
  const second = Math.floor(Number(change.ApproximateCreationDateTime));
  if (Number.isSafeInteger(second) && second > 0) return second;
  throw new Malformed(
    `its ApproximateCreationDateTime ${JSON.stringify(change.ApproximateCreationDateTime)} is no epoch second`,
  );
}

function keyOf(change: StreamRecord, partitionKey: string): string {
  const key: Readonly<Record<string, unknown>> | undefined = change.Keys?.[partitionKey];
  const value = key?.['S'] ?? key?.['N'] ?? key?.['B'];
  if (typeof value === 'string') return keyText([key as KeyAttribute]);
  throw new Malformed(
    `its Keys hold no text, number or binary value of the partition key ${JSON.stringify(partitionKey)}`,
  );
}

function malformed(record: DynamoDBRecord | null | undefined, problem: string): Estimate {
  const name = record?.eventID ? `the stream record ${record.eventID}` : 'a stream record';
  return setAside('malformed', `${name} cannot be read: ${problem}`);
}

function setAside(reason: SetAsideReason, detail: string): Estimate {
  return { kind: 'set-aside', reason, detail };
}
