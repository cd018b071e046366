import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { parseRecord } from '../../../lambdas/contracts/parse';
import { usageRecord } from '../../../lambdas/contracts/usage-record';
import { usageOfBatch } from '../../../lambdas/estimator/batch';
import { pack } from '../../../lambdas/estimator/pack';
import { conformanceTables } from './conformance-tables';
import { change, eventOf, readingsOf } from './stream-records';

const shape = conformanceTables.find(({ table }) => table === 'five');
const readings = readingsOf(shape ? [shape] : [], {
  five: { subject: '{owner.id}', transactions: { attribute: 'token' }, writingRegion: 'region' },
});

const good = (): DynamoDBRecord => {
  const record = change({ table: 'five', eventName: 'MODIFY' });
  const image = {
    pk: { S: 'k' },
    sk: { N: '1' },
    s1: { S: 'a' },
    n1: { N: '2' },
    owner: { M: { id: { S: 'u' } } },
  };
  const dynamodb = { ...record.dynamodb, Keys: { pk: { S: 'k' }, sk: { N: '1' } } };
  return { ...record, dynamodb: { ...dynamodb, NewImage: image, OldImage: { ...image, s1: { S: 'b' } } } };
};

const junk = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    null,
    '',
    0,
    -1,
    [],
    {},
    { S: 1 },
    { S: 'a', N: '1' },
    { M: null },
    { L: {} },
    { N: 'NaN' },
    { Q: 'a' },
  ),
);
/** Where in a record something else is put; the empty path is the record itself. */
const places = [
  '',
  'eventID',
  'eventName',
  'eventSourceARN',
  'awsRegion',
  'userIdentity',
  'dynamodb',
  ...['ApproximateCreationDateTime', 'SequenceNumber', 'StreamViewType', 'Keys', 'NewImage', 'OldImage'],
  ...['Keys', 'NewImage', 'OldImage'].flatMap((image) => [`${image}.pk`, `${image}.s1`, `${image}.owner`]),
  ...[
    'NewImage.n1',
    'NewImage.token',
    'NewImage.region',
    'NewImage.owner.M',
    'OldImage.owner.M.id',
    'NewImage.x',
  ],
].map((place) => (place === '' || /^(event|aws|user|dynamodb)/.test(place) ? place : `dynamodb.${place}`));

function spoilt(record: DynamoDBRecord, place: string, value: unknown): DynamoDBRecord {
  if (place === '') return value as DynamoDBRecord;
  const whole = JSON.parse(JSON.stringify(record)) as Record<string, unknown>;
  const steps = place.split('.');
  const last = steps.pop() ?? '';
  let holder: unknown = whole;
  for (const step of steps) holder = (holder as Record<string, unknown>)[step];
  if (typeof holder === 'object' && holder !== null) (holder as Record<string, unknown>)[last] = value;
  return whole as unknown as DynamoDBRecord;
}

test('whatever a record holds, it is counted or set aside, and the records beside it count as ever', () => {
  fc.assert(
    fc.property(fc.constantFrom(...places), junk, (place, value) => {
      const bad = spoilt(good(), place, value);
      const { seconds, setAside } = usageOfBatch(eventOf(good(), bad, good()), readings);
      const own = seconds.flatMap(({ entries }) => entries).filter(({ resource }) => resource === 'five');
      const counted = own.reduce((sum, { writes }) => sum + writes, 0);
      // A change that this region does not pay for is neither.
      const isFree =
        place === 'dynamodb.NewImage.region' || place === 'awsRegion' || place === 'userIdentity';
      if (!isFree) expect(counted + setAside.length).toBe(3);
      expect(counted).toBeGreaterThanOrEqual(2);
      for (const { json } of pack(seconds))
        expect(parseRecord(usageRecord, json)).toMatchObject({ ok: true });
      for (const { reason, detail } of setAside) {
        expect(['malformed', 'view-type']).toContain(reason);
        expect(detail.length).toBeGreaterThan(20);
      }
    }),
    { numRuns: 1_000 },
  );
});
