import { functionNames } from '../../../infra/constructs/functions/entry';
import { buildEverything, resourcesOf } from './built';
import { type HandlerCall, handlerCalls, lambdaCalls } from './calls';
import { type Permission, permissionsOfFunction, permissionsOfRole } from './policies';

const resources = resourcesOf(buildEverything());
const idOf = (name: string): string => `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}Function`;
const isFor = (permission: Permission, { action, on, keys }: HandlerCall): boolean =>
  permission.action === action &&
  permission.resource.includes(on) &&
  JSON.stringify(permission.keys) === JSON.stringify(keys);

describe.each(functionNames)('the %s', (name) => {
  const permissions = permissionsOfFunction(resources, idOf(name)).filter(
    // Which of them a key needs is tested with the key.
    ({ action }) => !action.startsWith('kms:'),
  );

  test.each(handlerCalls[name])('may call $action on $on', (call) => {
    expect(permissions.filter((permission) => isFor(permission, call))).toHaveLength(1);
  });

  test('may do nothing more than it calls and Lambda does for it', () => {
    const beyond = permissions.filter(
      (permission) => !handlerCalls[name].some((call) => isFor(permission, call)),
    );
    // Each of several streams has its own statement of the same actions.
    expect([...new Set(beyond.map(({ action }) => action))].sort()).toEqual([...lambdaCalls[name]].sort());
  });
});

test('all things together that may be done with any resource, and why nothing narrower would do', () => {
  const wide = functionNames.flatMap((name) =>
    permissionsOfFunction(resources, idOf(name)).filter(({ resource }) => resource === '*'),
  );
  const actions = [...new Set(wide.map(({ action }) => action))].sort();
  // ec2: Lambda makes interfaces under names nobody knows before. ListStreams: IAM knows no narrower resource for it.
  expect(actions.filter((action) => !action.startsWith('ec2:'))).toEqual(['dynamodb:ListStreams']);
});

test('the applications of Flink read usage and releases, and put excesses and what they set aside', () => {
  const permissions = permissionsOfRole(resources, 'ThrottleFlinkRole');
  const called = permissions.map(
    ({ action, resource }) => `${action} ${resource.replaceAll(/^<Throttle|[0-9A-F]{8}\.Arn>/g, '')}`,
  );
  expect(called.filter((one) => !one.startsWith('kms:')).sort()).toEqual([
    'kinesis:GetRecords StreamsUsage',
    'kinesis:GetShardIterator StreamsUsage',
    'kinesis:ListShards StreamsUsage',
    'kinesis:PutRecords StreamsExcess',
    'kinesis:PutRecords StreamsSetAside',
    'logs:DescribeLogGroups arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:*',
    'logs:DescribeLogStreams FlinkLogs',
    'logs:PutLogEvents FlinkLogs',
    's3:GetObject StorageCode/*',
    's3:GetObjectVersion StorageCode/*',
  ]);
});

test('with a key of your own, each function may use it for what it reads and writes, and without it for nothing', () => {
  const withKey = functionNames.map((name) => [
    name,
    permissionsOfFunction(resources, idOf(name))
      .map(({ action }) => action)
      .filter((action) => action.startsWith('kms:')),
  ]);
  for (const [name, actions] of withKey) expect([name, actions]).not.toEqual([name, []]);
});
