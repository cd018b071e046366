import type { _Record } from '@aws-sdk/client-kinesis';
import type { KinesisStreamRecord } from 'aws-lambda';

/** A Kinesis record as Lambda puts it into an event: data as base64 text, its arrival in epoch seconds. */
export function kinesisEventRecord(
  record: _Record,
  shardId: string,
  region: string,
  streamArn: string,
): KinesisStreamRecord {
  const sequenceNumber = record.SequenceNumber ?? '';
  const account = streamArn.split(':')[4] ?? '';
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: record.PartitionKey ?? '',
      sequenceNumber,
      data: Buffer.from(record.Data ?? []).toString('base64'),
      approximateArrivalTimestamp: (record.ApproximateArrivalTimestamp?.getTime() ?? 0) / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: `arn:aws:iam::${account}:role/local`,
    awsRegion: region,
    eventSourceARN: streamArn,
  };
}
