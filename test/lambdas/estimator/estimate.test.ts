import type { DynamoDBRecord } from 'aws-lambda';
import { type Estimate, estimate } from '../../../lambdas/estimator/estimate';
import { change, readings, readingsOf, second, shapeOf } from './stream-records';

const estimateOf = (record: unknown): Estimate => estimate(record as DynamoDBRecord, readings);

function changedBy(changed: Partial<DynamoDBRecord>, inside: object = {}): unknown {
  const record = change({ eventID: 'e1' });
  return { ...record, dynamodb: { ...record.dynamodb, ...inside }, ...changed };
}

describe('estimate', () => {
  it('says whom a change costs what', () => {
    expect(estimateOf(change({ newBytes: 3000 }))).toEqual({
      kind: 'cost',
      cost: {
        source: 'users',
        second,
        subject: 'app_1',
        costs: [{ resource: 'users', key: 'S:k1', units: 3 }],
      },
    });
  });

  it.each([
    ['an update that shrinks the item by its old size', { eventName: 'MODIFY' as const, oldBytes: 2049 }, 3],
    ['an update that grows the item by its new size', { eventName: 'MODIFY' as const, newBytes: 1025 }, 2],
    ['a delete by the old size', { eventName: 'REMOVE' as const, oldBytes: 4097 }, 5],
    ['a put of exactly 1 KB', { newBytes: 1024 }, 1],
    ['a put of a byte more', { newBytes: 1025 }, 2],
  ])('counts %s', (_situation, changed, units) => {
    expect(estimateOf(change(changed))).toMatchObject({ cost: { costs: [{ units }] } });
  });

  it('takes the whole second of a time with parts of it', () => {
    const record = changedBy({}, { ApproximateCreationDateTime: second + 0.9 });
    expect(estimateOf(record)).toMatchObject({ cost: { second } });
  });

  it('counts no delete by time to live', () => {
    const userIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };
    expect(estimateOf({ ...change({ eventName: 'REMOVE' }), userIdentity })).toEqual({
      kind: 'free',
      why: 'expiry',
    });
  });

  it('counts a delete by somebody else', () => {
    const userIdentity = { type: 'Service', principalId: 'replication.dynamodb.amazonaws.com' };
    expect(estimateOf({ ...change({ eventName: 'REMOVE' }), userIdentity })).toMatchObject({ kind: 'cost' });
  });

  it('counts a change without a subject against its key and says what is missing', () => {
    const record = changedBy({}, { NewImage: { pk: { S: 'k1' } } });
    expect(estimateOf(record)).toEqual({
      kind: 'cost',
      cost: { source: 'users', second, subject: '', costs: [{ resource: 'users', key: 'S:k1', units: 1 }] },
      noSubject: { found: false, attribute: 'app_id', problem: 'missing' },
    });
  });

  it.each([
    ['a number', 'N' as const, { N: '42' }, 'N:42'],
    ['binary', 'B' as const, { B: 'AQI=' }, 'B:AQI='],
  ])('writes a key that is %s', (_situation, type, pk, key) => {
    const readings = readingsOf([{ ...shapeOf('users'), partitionKey: { name: 'pk', type } }]);
    const record = changedBy({}, { Keys: { pk, sk: { S: 'z' } } }) as DynamoDBRecord;
    expect(estimate(record, readings)).toMatchObject({ cost: { costs: [{ key }] } });
  });

  it.each([
    ['nothing', null, /a stream record cannot be read: it has no dynamodb section/],
    ['text', 'x', /no dynamodb section/],
    [
      'no dynamodb section',
      { eventID: 'e1' },
      /the stream record e1 cannot be read: it has no dynamodb section/,
    ],
    ['no eventID', changedBy({ eventID: '' }), /no eventID/],
    ['another eventName', changedBy({ eventName: 'COPY' as never }), /eventName "COPY" is none of INSERT/],
    [
      'another ARN',
      changedBy({ eventSourceARN: 'arn:aws:sqs:us-east-1:0:q' }),
      /eventSourceARN .* names no table/,
    ],
    [
      'no Keys',
      changedBy({}, { Keys: undefined }),
      /its Keys hold no value of type S of the partition key "pk"/,
    ],
    [
      'other Keys',
      changedBy({}, { Keys: { id: { S: 'a' } } }),
      /its Keys hold no value of type S of the partition key "pk"/,
    ],
    ['a corrupt key', changedBy({}, { Keys: { pk: { S: 7 } } }), /its Keys hold no/],
    ['no time', changedBy({}, { ApproximateCreationDateTime: undefined }), /ApproximateCreationDateTime/],
    [
      'a time that is text',
      changedBy({}, { ApproximateCreationDateTime: 'now' }),
      /"now" is no epoch second/,
    ],
    ['an image that is null', changedBy({}, { NewImage: null }), /an image is no map/],
    [
      'a value of an unknown type',
      changedBy({}, { NewImage: { v: { X: 1 } } }),
      /"v" is of the unknown type "X"/,
    ],
  ])('sets %s aside as malformed', (_situation, record, detail) => {
    expect(estimateOf(record)).toEqual({
      kind: 'set-aside',
      reason: 'malformed',
      detail: expect.stringMatching(detail) as string,
    });
  });

  it('sets a table without settings aside', () => {
    expect(estimateOf(change({ table: 'invoices' }))).toMatchObject({
      reason: 'unknown-table',
      detail: expect.stringContaining('invoices: add it to SPILLWAY_TABLES') as string,
    });
  });

  it.each([
    ['a put', changedBy({}, { NewImage: undefined })],
    ['an update', changedBy({ eventName: 'MODIFY' })],
    ['a delete', changedBy({ eventName: 'REMOVE' })],
    ['another view type', changedBy({}, { StreamViewType: 'NEW_IMAGE' })],
  ])('names the view type that is needed where %s lacks an image', (_situation, record) => {
    expect(estimateOf(record)).toMatchObject({
      kind: 'set-aside',
      reason: 'view-type',
      detail: expect.stringContaining("the stream's view type must be NEW_AND_OLD_IMAGES") as string,
    });
  });
});
