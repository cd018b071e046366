import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createControlTable } from '../../../infra/local/control-table';
import type { Generation } from '../../../lambdas/contracts/generations';
import { clientSettings } from '../../../lambdas/delivery/environment';
import type { Control, Lock } from '../../../orchestrator/service/control';
import { dynamoDbControl } from '../../../orchestrator/service/control-table';
import { UserFault } from '../../../orchestrator/user-fault';
import { uniqueName } from '../../infra/local/event-sources/streams-of-one-test';
import { warmSystem } from '../../parts/warm-system';
import { entryAt, rolloutUnderWay } from './rollout-record';

const { environment } = warmSystem();
const table = uniqueName('control');
let dynamodb: DynamoDBClient;
let nowMs: number;
let application: string;
/** Two command lines that change one application. */
let alice: Control;
let bob: Control;

const controlOf = (name: string, of = table): Control =>
  dynamoDbControl(name, of, 'us-east-1', environment, () => new Date(nowMs));

beforeAll(async () => {
  dynamodb = new DynamoDBClient(clientSettings(environment, 'DYNAMODB'));
  await createControlTable(dynamodb, table);
});

afterAll(() => {
  dynamodb.destroy();
});

beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 5, 10);
  application = uniqueName('throttle');
  alice = controlOf(application);
  bob = controlOf(application);
});

afterEach(() => {
  alice.close();
  bob.close();
});

async function put(sk: string, attributes: Record<string, { S: string } | { N: string }>): Promise<void> {
  const key = { pk: { S: `application#${application}` }, sk: { S: sk } };
  await dynamodb.send(new PutItemCommand({ TableName: table, Item: { ...key, ...attributes } }));
}

const faultOf = async (call: Promise<unknown>): Promise<string> => {
  const thrown: unknown = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(thrown).toBeInstanceOf(UserFault);
  return (thrown as UserFault).message;
};

test('of two that want the lock at the same moment one gets it, and the other learns who has it', async () => {
  const wants = [alice, bob].map((control, index) => control.takeLock(`person ${index}`, 'apply', 60));
  const results = await Promise.allSettled(wants);
  const taken = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  expect([taken.length, refused.length]).toEqual([1, 1]);
  const [{ holder }] = taken as [Lock];
  expect(refused[0]?.message).toBe(
    `${holder} is changing ${application} since 2026-11-05T10:00:00.000Z (apply) and holds its lock until ` +
      '2026-11-05T10:01:00.000Z: run the command again when that is over. The lock is renewed while that command ' +
      'lives; if it was killed, the lock is free at that time',
  );
  expect(await alice.readLock()).toEqual(taken[0]);
});

test('a lock that ran out can be taken; until then it cannot', async () => {
  await alice.takeLock('alice', 'apply', 60);
  nowMs += 59_999;
  await expect(bob.takeLock('bob', 'apply', 60)).rejects.toThrow(/^alice is changing/);
  nowMs += 1;
  expect(await bob.takeLock('bob', 'apply', 60)).toMatchObject({ holder: 'bob', since: new Date(nowMs) });
});

test('a lock that is renewed goes on, and is not renewed once it was taken', async () => {
  const first = await alice.takeLock('alice', 'apply', 60);
  nowMs += 30_000;
  const renewed = await alice.renewLock(first, 60);
  expect(renewed).toEqual({ ...first, until: new Date(nowMs + 60_000) });
  expect(await bob.readLock()).toEqual(renewed);
  nowMs += 60_000;
  await bob.takeLock('bob', 'roll back', 60);
  expect(await faultOf(alice.renewLock(renewed, 60))).toMatch(
    /no longer this command's: bob took it \(roll back\)\. This command stops here/,
  );
});

test('a released lock is free; to release what is no longer held does nothing', async () => {
  const first = await alice.takeLock('alice', 'apply', 60);
  await alice.releaseLock(first);
  expect(await alice.readLock()).toBeUndefined();
  const second = await bob.takeLock('bob', 'apply', 60);
  await alice.releaseLock(first);
  expect(await bob.readLock()).toEqual(second);
  expect(await faultOf(alice.renewLock(first, 60))).toContain('bob took it');
  await bob.releaseLock(second);
  expect(await faultOf(bob.renewLock(second, 60))).toContain('it was released');
});

test('generations are written only over those that were read', async () => {
  expect(await alice.generations()).toEqual({ generations: [], revision: 0 });
  const first: Generation = { generation: 1, from: 0, slot: 'blue' };
  await alice.putGenerations([first], 0);
  expect(await faultOf(bob.putGenerations([], 0))).toMatch(
    /changed by someone else meanwhile \(revision 1 in place of 0\)/,
  );
  const next: Generation[] = [
    { ...first, until: 1_790_000_000 },
    { generation: 2, from: 1_790_000_000, slot: 'green' },
  ];
  await bob.putGenerations(next, 1);
  expect(await faultOf(alice.putGenerations([first], 1))).toContain('revision 2 in place of 1');
  expect(await alice.generations()).toEqual({ generations: next, revision: 2 });
});

test('a rollout is written by the holder of the lock alone, and comes back as it was', async () => {
  expect(await alice.rollout()).toBeUndefined();
  const lock = await alice.takeLock('alice', 'apply', 60);
  await alice.writeRollout(rolloutUnderWay, lock);
  expect(await bob.rollout()).toEqual(rolloutUnderWay);
  nowMs += 60_000;
  const taken = await bob.takeLock('bob', 'apply', 60);
  const next = { ...rolloutUnderWay, step: 2, direction: 'back', failure: 'no checkpoint' } as const;
  expect(await faultOf(alice.writeRollout(next, lock))).toContain('bob took it');
  expect(await faultOf(alice.endRollout(entryAt('2026-11-05T10:01:00Z'), lock))).toContain('bob took it');
  expect(await bob.history(10)).toEqual([]);
  await bob.writeRollout(next, taken);
  expect(await bob.rollout()).toEqual(next);
});

test('when a rollout ends, it is in the history and under way no more', async () => {
  const lock = await alice.takeLock('alice', 'apply', 60);
  await alice.writeRollout(rolloutUnderWay, lock);
  const entry = { ...entryAt('2026-11-05T10:01:00.500Z'), outcome: 'failed', reason: 'why' } as const;
  await alice.endRollout(entry, lock);
  expect(await bob.rollout()).toBeUndefined();
  expect(await bob.history(10)).toEqual([entry]);
});

test('the history is told from its newest line on, of one application alone', async () => {
  const entries = [
    entryAt('2026-11-05T10:00:00.000Z', 'b'),
    { ...entryAt('2026-11-05T09:59:59.999Z'), releaseHash: undefined, version: undefined },
    entryAt('2026-11-05T10:00:00.000Z', 'a'),
  ];
  for (const entry of entries) await alice.addHistory(entry);
  expect(await bob.history(10)).toEqual([entries[0], entries[2], entries[1]]);
  expect(await bob.history(2)).toEqual([entries[0], entries[2]]);
  const other = controlOf(uniqueName('other'));
  expect(await other.history(10)).toEqual([]);
  other.close();
});

test('a record that does not read is named, with the reason', async () => {
  const { plan, ...rest } = rolloutUnderWay;
  await put('rollout', { record: { S: JSON.stringify({ ...rest, plan: { ...plan, schemaVersion: 9 } }) } });
  expect(await faultOf(alice.rollout())).toMatch(
    new RegExp(
      `^the item pk "application#${application}", sk "rollout" of the table ${table} cannot be read: plan\\.schemaVersion`,
    ),
  );
  await put('history#x', { record: { S: '{' } });
  expect(await faultOf(alice.history(1))).toContain('cannot be read: not JSON');
  await put('generations', { generations: { S: '[]' }, revision: { N: '4' } });
  expect(await faultOf(alice.generations())).toContain('cannot be read: ');
  await put('lock', { holder: { S: 'alice' } });
  expect(await faultOf(alice.readLock())).toContain('a lock has the texts token and holder');
});

test('where the table is not there, the message says what to do', async () => {
  const control = controlOf('throttle', 'no-such-table');
  const expected =
    /^there is no table no-such-table in us-east-1: deploy the infrastructure first, or correct/;
  expect(await faultOf(control.generations())).toMatch(expected);
  expect(await faultOf(control.takeLock('alice', 'apply', 60))).toMatch(expected);
  expect(await faultOf(control.writeRollout(rolloutUnderWay, await alice.takeLock('a', 'b', 1)))).toMatch(
    expected,
  );
  control.close();
});
