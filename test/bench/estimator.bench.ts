import type { DynamoDBStreamEvent } from 'aws-lambda';
import { usageOfBatch } from '../../lambdas/estimator/batch';
import { pack } from '../../lambdas/estimator/pack';
import { readSettings } from '../../lambdas/estimator/settings';
import { atMost, type BenchResult, ratio } from './bench';

const recordsPerBatch = 1_000;

/** What the estimator's own work costs beside parsing the event it is given, on tables without indexes. */
export function bench(): BenchResult {
  const { tables } = readSettings({
    SPILLWAY_USAGE_STREAM: 'usage',
    SPILLWAY_SET_ASIDE_STREAM: 'set-aside',
    SPILLWAY_TABLES: '{"users":{"subject":"{app_id}","partitionKey":"app_id"}}',
  });
  const sizes = [1, 4].map((kilobytes) => {
    const event = eventOf(kilobytes);
    const text = JSON.stringify(event);
    const work = (): number => pack(usageOfBatch(event, tables).seconds).length;
    const measured = ratio(work, () => (JSON.parse(text) as DynamoDBStreamEvent).Records.length);
    const usageBytes = pack(usageOfBatch(event, tables).seconds).reduce(
      (sum, { json }) => sum + json.length,
      0,
    );
    return { kilobytes, ratio: measured.ratio, usageBytesPerChange: usageBytes / recordsPerBatch };
  });
  return {
    bench: 'estimator',
    aims: sizes.map((size) =>
      atMost(`${size.kilobytes} KB items without indexes`, 0.5, size.ratio, '× JSON.parse of the event'),
    ),
    details: { recordsPerBatch, subjects: 50, sizes },
  };
}

/** Updates of items of that size by 50 subjects within one second. */
function eventOf(kilobytes: number): DynamoDBStreamEvent {
  const image = (i: number, state: string): Record<string, object> => ({
    app_id: { S: `app_${i % 50}` },
    item_id: { S: `item-${i}` },
    state: { S: state },
    count: { N: String(i * 37) },
    tags: { SS: ['red', 'green', 'blue'] },
    address: { M: { street: { S: 'Main Street 1' }, floor: { N: '3' }, open: { BOOL: true } } },
    text: { S: 'x'.repeat(kilobytes * 1_000 - 150) },
  });
  const Records = Array.from({ length: recordsPerBatch }, (_, i) => ({
    eventID: i.toString(16).padStart(32, '0'),
    eventName: 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: 1_790_000_000,
      Keys: { app_id: { S: `app_${i % 50}` }, item_id: { S: `item-${i}` } },
      NewImage: image(i, 'new'),
      OldImage: image(i, 'old'),
      SequenceNumber: String(1_000 + i),
      SizeBytes: kilobytes * 2_000,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/users/stream/2026-01-01T00:00:00.000',
  }));
  return { Records } as unknown as DynamoDBStreamEvent;
}
