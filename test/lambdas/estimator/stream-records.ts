import type { AttributeValue, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { readSettings } from '../../../lambdas/estimator/settings';

/** The second of every change that does not say another. */
export const second = 1_790_000_000;

let records = 0;

/** A change of `app_1` in the table `users` as DynamoDB's stream would send it, with what a test wants changed. */
export function change(changed: {
  eventID?: string;
  eventName?: DynamoDBRecord['eventName'];
  table?: string;
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
    eventSourceARN: `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/2026-11-24T00:00:00.000`,
  };
}

/** An item of exactly the given number of bytes. */
function imageOf(key: string, app: string, bytes: number): Record<string, AttributeValue> {
  const rest = bytes - ('pk'.length + key.length + 'app_id'.length + app.length + 'pad'.length);
  return { pk: { S: key }, app_id: { S: app }, pad: { S: 'x'.repeat(Math.max(0, rest)) } };
}

export function eventOf(...changes: readonly DynamoDBRecord[]): DynamoDBStreamEvent {
  return { Records: [...changes] };
}

export const settings = readSettings({
  SPILLWAY_USAGE_STREAM: 'usage',
  SPILLWAY_SET_ASIDE_STREAM: 'set-aside',
  SPILLWAY_TABLES: JSON.stringify({
    users: { subject: '{app_id}', partitionKey: 'pk' },
    orders: { subject: '{app_id}', partitionKey: 'pk' },
  }),
});
