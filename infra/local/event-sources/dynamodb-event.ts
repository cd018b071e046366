import type { _Record, AttributeValue, StreamRecord } from '@aws-sdk/client-dynamodb-streams';
import type {
  AttributeValue as EventAttribute,
  DynamoDBRecord,
  StreamRecord as EventStreamRecord,
} from 'aws-lambda';

/**
 * A record of a DynamoDB stream as Lambda puts it into an event: binary as base64 text, times in whole epoch
 * seconds, an eventID of 32 hexadecimal digits.
 *
 * DynamoDB Local floors ApproximateCreationDateTime to the minute, where DynamoDB has the second. So the record
 * gets the second at which it was read, which is within one poll of its writing.
 */
export function dynamoDbEventRecord(
  record: _Record,
  region: string,
  streamArn: string,
  readAtMs: number,
): DynamoDBRecord {
  const event: DynamoDBRecord = {
    eventID: record.eventID?.replaceAll('-', ''),
    eventName: record.eventName,
    eventVersion: record.eventVersion,
    eventSource: record.eventSource,
    awsRegion: region,
    dynamodb: eventStreamRecord(record.dynamodb ?? {}, Math.floor(readAtMs / 1000)),
    eventSourceARN: arnInRegion(streamArn, region),
  };
  if (record.userIdentity !== undefined) {
    event.userIdentity = { type: record.userIdentity.Type, principalId: record.userIdentity.PrincipalId };
  }
  return event;
}

/** DynamoDB Local calls every region `ddblocal`. */
export function arnInRegion(arn: string, region: string): string {
  return arn.replace(':ddblocal:', `:${region}:`);
}

function eventStreamRecord(change: StreamRecord, second: number): EventStreamRecord {
  const event: EventStreamRecord = { ApproximateCreationDateTime: second };
  if (change.Keys !== undefined) event.Keys = eventImage(change.Keys);
  if (change.NewImage !== undefined) event.NewImage = eventImage(change.NewImage);
  if (change.OldImage !== undefined) event.OldImage = eventImage(change.OldImage);
  event.SequenceNumber = change.SequenceNumber;
  event.SizeBytes = change.SizeBytes;
  event.StreamViewType = change.StreamViewType;
  return event;
}

function eventImage(image: Record<string, AttributeValue>): Record<string, EventAttribute> {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, eventAttribute(value)]));
}

function eventAttribute(value: AttributeValue): EventAttribute {
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  if (value.L !== undefined) return { L: value.L.map(eventAttribute) };
  if (value.M !== undefined) return { M: eventImage(value.M) };
  // DynamoDB Local leaves the type of an empty map out of its stream, and of nothing else.
  if (Object.keys(value).length === 0) return { M: {} };
  // All other types look the same in the SDK and in an event.
  return value as EventAttribute;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
