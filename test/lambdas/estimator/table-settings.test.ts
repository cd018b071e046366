import type { DynamoDBRecord } from 'aws-lambda';
import { privateText } from '../../../lambdas/contracts/private-text';
import { usageOfBatch } from '../../../lambdas/estimator/batch';
import { estimate } from '../../../lambdas/estimator/estimate';
import type { Item } from './naive-estimate';
import { change, eventOf, readingsOf, shapeOf } from './stream-records';

const index = {
  name: 'by',
  scope: 'global' as const,
  partitionKey: [{ name: 'by', type: 'S' as const }],
  sortKey: [],
  projected: 'all' as const,
};

/** What a change to a table of these settings costs, by resource; or why it costs nothing. */
function unitsOf(settings: object, changed: Partial<DynamoDBRecord>, before?: Item, after?: Item): unknown {
  const record = change({});
  const images = { ...(before ? { OldImage: before } : {}), ...(after ? { NewImage: after } : {}) };
  const dynamodb = { ...record.dynamodb, NewImage: undefined, ...images } as DynamoDBRecord['dynamodb'];
  const eventName = before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY';
  const whole = { ...record, eventName, ...changed, dynamodb } as DynamoDBRecord;
  const result = estimate(whole, readingsOf([shapeOf('users', [index])], { users: settings }));
  if (result.kind !== 'cost') return result.kind === 'free' ? result.why : result.reason;
  return result.cost.costs.map(({ resource, units }) => `${resource} ${String(units)}`);
}

const item = (others: Item = {}): Item => ({ pk: { S: 'k1' }, by: { S: 'a' }, ...others });
const token = (S: string): Item => item({ token: { S } });

describe('transactions cost the table twice and its indexes once', () => {
  const marked = { transactions: { attribute: 'token' } };

  it.each<[string, object, Item | undefined, Item | undefined, string[]]>([
    ['always', { transactions: 'always' }, undefined, item(), ['users 2', 'users/by 1']],
    ['always, deletes too', { transactions: 'always' }, item(), undefined, ['users 2', 'users/by 1']],
    ['never', {}, undefined, item(), ['users 1', 'users/by 1']],
    ['where the marker comes', marked, item(), token('t1'), ['users 2', 'users/by 1']],
    ['where the marker changes', marked, token('t1'), token('t2'), ['users 2', 'users/by 1']],
    ['not where it stays', marked, token('t1'), { ...token('t1'), x: { S: 'y' } }, ['users 1', 'users/by 1']],
    ['not without it', marked, undefined, item(), ['users 1', 'users/by 1']],
    ['not where the item goes', marked, token('t1'), undefined, ['users 1', 'users/by 1']],
  ])('%s', (_situation, settings, before, after, expected) => {
    expect(unitsOf(settings, {}, before, after)).toEqual(expected);
  });
});

describe('what another region of a global table wrote is counted there', () => {
  const by = (S: string, others: Item = {}): Item => item({ region: { S }, ...others });
  const legacy = (S: string, deleting: boolean): Item =>
    item({ 'aws:rep:updateregion': { S }, 'aws:rep:deleting': { BOOL: deleting } });
  const own = { writingRegion: 'region' };
  const old = { writingRegion: 'aws:rep:updateregion' };

  it.each<[string, object, Item | undefined, Item | undefined, unknown]>([
    ['a put of another region', own, undefined, by('eu-west-1'), 'replicated'],
    ['an update of another region', own, by('us-east-1'), by('eu-west-1'), 'replicated'],
    ['a put of this region', own, undefined, by('us-east-1'), ['users 1', 'users/by 1']],
    ['a put that names no region', own, undefined, item(), ['users 1', 'users/by 1']],
    ['a delete, of which that cannot be told', own, by('eu-west-1'), undefined, ['users 1', 'users/by 1']],
    ['a put without the setting', {}, undefined, by('eu-west-1'), ['users 1', 'users/by 1']],
    ['an update, version 2017.11.29', old, item(), legacy('eu-west-1', false), 'replicated'],
    ['a delete, version 2017.11.29', old, legacy('eu-west-1', true), undefined, 'replicated'],
    ['a delete of this region', old, legacy('us-east-1', true), undefined, ['users 1', 'users/by 1']],
  ])('%s', (_situation, settings, before, after, expected) => {
    expect(unitsOf(settings, {}, before, after)).toEqual(expected);
  });
});

test('an expiry costs neither the table nor its indexes', () => {
  const userIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };
  expect(unitsOf({}, { userIdentity }, item(), undefined)).toBe('expiry');
});

describe('private texts', () => {
  const salt = 'sixteen letters!';
  const entriesOf = (privacy: string, ...changes: DynamoDBRecord[]): unknown =>
    usageOfBatch(eventOf(...changes), readingsOf([shapeOf('users')], { users: { privacy } }, salt)).seconds[0]
      ?.entries;

  it.each([
    ['hash', privateText(salt, 'S:k1'), privateText(salt, 'app_1')],
    ['hash-keys', privateText(salt, 'S:k1'), 'app_1'],
    ['hash-subjects', 'S:k1', privateText(salt, 'app_1')],
    ['none', 'S:k1', 'app_1'],
  ])('are hashed as the table says: %s', (privacy, key, subject) => {
    expect(entriesOf(privacy, change({}), change({}))).toEqual([
      { resource: 'users', key, subject, units: 2, writes: 2 },
    ]);
  });

  it('leave no subject as no subject', () => {
    expect(entriesOf('hash', change({ app: '' }))).toMatchObject([{ subject: '' }]);
  });

  it('cannot be told without the salt', () => {
    expect(privateText(salt, 'S:k1')).toMatch(/^#[\w-]{22}$/);
    expect(privateText('another salt, as long', 'S:k1')).not.toBe(privateText(salt, 'S:k1'));
  });
});
