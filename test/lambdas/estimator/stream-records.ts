import type { AttributeValue, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { privateText } from '../../../lambdas/contracts/private-text';
import { priceListOf } from '../../../lambdas/estimator/price-list';
import type { Readings } from '../../../lambdas/estimator/readings';
import { readSettings } from '../../../lambdas/estimator/settings';
import type { TableShape } from '../../../lambdas/estimator/table-shape';

/** The second of every change that does not say another. */
export const second = 1_790_000_000;

let records = 0;

/** A change of `app_1` in the table `users` as DynamoDB's stream would send it, with what a test wants changed. */
export function change(changed: {
  eventID?: string;
  eventName?: DynamoDBRecord['eventName'];
  table?: string;
  /** @default that of the table's stream */
  arn?: string;
  second?: number;
  app?: string;
  key?: string;
  newBytes?: number;
  oldBytes?: number;
}): DynamoDBRecord {
  const { table = 'users', app = 'app_1', key = 'k1', eventName = 'INSERT' } = changed;
  const newImage = imageOf(key, app, changed.newBytes ?? 100);
  const oldImage = imageOf(key, app, changed.oldBytes ?? 100);
  records++;
  return {
    eventID: changed.eventID ?? records.toString(16).padStart(32, '0'),
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: changed.second ?? second,
      Keys: { pk: { S: key } },
      ...(eventName === 'REMOVE' ? {} : { NewImage: newImage }),
      ...(eventName === 'INSERT' ? {} : { OldImage: oldImage }),
      SequenceNumber: String(records).padStart(21, '0'),
      SizeBytes: 100,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: changed.arn ?? arnOf(table),
  };
}

/** An item of exactly the given number of bytes. */
function imageOf(key: string, app: string, bytes: number): Record<string, AttributeValue> {
  const rest = bytes - ('pk'.length + key.length + 'app_id'.length + app.length + 'pad'.length);
  return { pk: { S: key }, app_id: { S: app }, pad: { S: 'x'.repeat(Math.max(0, rest)) } };
}

/** The ARN of a table's stream. */
export function arnOf(table: string): string {
  return `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/2026-11-24T00:00:00.000`;
}

export function eventOf(...changes: readonly DynamoDBRecord[]): DynamoDBStreamEvent {
  return { Records: [...changes] };
}

/** How to read streams whose tables look as given, without asking DynamoDB: the settings are those of SPILLWAY_TABLES. */
export function readingsOf(
  shapes: readonly TableShape[],
  tables: Readonly<Record<string, object>> = {},
  salt = '',
): Readings {
  const read = readSettings({
    SPILLWAY_USAGE_STREAM: 'usage',
    SPILLWAY_SET_ASIDE_STREAM: 'set-aside',
    SPILLWAY_PRIVACY_SALT: salt,
    SPILLWAY_TABLES: JSON.stringify(
      Object.fromEntries(shapes.map(({ table }) => [table, { subject: '{app_id}', ...tables[table] }])),
    ),
  });
  return new Map(
    shapes.map((shape) => {
      const settings = read.tables.get(shape.table);
      if (settings === undefined) throw new Error(`no settings for ${shape.table}`);
      const hide = (text: string): string => privateText(salt, text);
      return [arnOf(shape.table), { kind: 'reading', settings, prices: priceListOf(shape), hide }];
    }),
  );
}

/** A table of the partition key `pk`, with what a test wants beside it. */
export function shapeOf(table: string, indexes: TableShape['indexes'] = []): TableShape {
  return { table, partitionKey: { name: 'pk', type: 'S' }, indexes };
}

/** Two tables without indexes, and a stream whose table nobody set. */
export const readings: Readings = new Map([
  ...readingsOf([shapeOf('users'), shapeOf('orders')]),
  [
    arnOf('invoices'),
    {
      kind: 'unread',
      reason: 'unknown-table',
      detail: 'no settings for the table invoices: add it to SPILLWAY_TABLES',
    },
  ],
]);
