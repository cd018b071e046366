import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import {
  AttributeType,
  BillingMode,
  type ITable,
  StreamViewType,
  Table,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { Spillway, StreamedTable } from '../../../infra/constructs';
import { asInterface } from '../../../infra/constructs/as-interface';
import { appWithoutBundling, build, tableOf, tableWithoutStream, vpcOf } from './built';

const subject = '{app_id}';
const protecting = (table: ITable, more: object = {}) => ({
  tables: [StreamedTable.fromTable(table, { subject, ...more })],
});

describe('a table', () => {
  test('without a stream', () => {
    expect(() => build((stack) => protecting(tableWithoutStream(stack, 'Users')))).toThrow(
      /Mine\/Throttle cannot be built:\n- the table Mine\/Users has no stream .*NEW_AND_OLD_IMAGES.*tableStreamArn/,
    );
  });

  test('imported by its name, whose stream is not known', () => {
    expect(() =>
      build((stack) => protecting(asInterface<ITable>(Table.fromTableName(stack, 'Users', 'users')))),
    ).toThrow(/the table users has no stream that is known here.*fromTableAttributes/);
  });

  test('imported with its stream', () => {
    const tableStreamArn =
      'arn:aws:dynamodb:us-east-1:111122223333:table/users/stream/2026-01-01T00:00:00.000';
    const imported = (stack: Stack) =>
      Table.fromTableAttributes(stack, 'Users', { tableName: 'users', tableStreamArn });
    expect(() => build((stack) => protecting(imported(stack)))).not.toThrow();
  });

  test('whose usage is reported needs no stream', () => {
    expect(() =>
      build((stack) => protecting(tableWithoutStream(stack, 'Users'), { source: 'reporter' })),
    ).not.toThrow();
  });

  test.each([StreamViewType.KEYS_ONLY, StreamViewType.NEW_IMAGE, StreamViewType.OLD_IMAGE])(
    'with a stream that shows %s',
    (stream) => {
      expect(() => build((stack) => protecting(tableOf(stack, 'Users', { stream })))).toThrow(
        new RegExp(
          `stream of the table Mine/Users shows ${stream}, but .* Set it to StreamViewType.NEW_AND_OLD_IMAGES`,
        ),
      );
    },
  );

  test('of version 2, with its stream and without', () => {
    const partitionKey = { name: 'app_id', type: AttributeType.STRING };
    const made = (dynamoStream?: StreamViewType) => (stack: Stack) =>
      protecting(
        asInterface<ITable>(
          new TableV2(stack, 'Users', {
            partitionKey,
            ...(dynamoStream === undefined ? {} : { dynamoStream }),
          }),
        ),
      );
    expect(() => build(made(StreamViewType.NEW_AND_OLD_IMAGES))).not.toThrow();
    expect(() => build(made())).toThrow(/has no stream/);
    expect(() => build(made(StreamViewType.KEYS_ONLY))).toThrow(/shows KEYS_ONLY/);
  });

  test.each([
    ['', /has no subject template, so nobody could be suspended.*subject: '\{app_id\}'/],
    ['{app_id', /the subject template of the table Mine\/Users cannot be used: /],
  ])('with the subject template "%s"', (template, message) => {
    expect(() => build((stack) => protecting(tableOf(stack, 'Users'), { subject: template }))).toThrow(
      message,
    );
  });

  test('twice', () => {
    const twice = (table: ITable) => ({ tables: [...protecting(table).tables, ...protecting(table).tables] });
    expect(() => build((stack) => twice(tableOf(stack, 'Users')))).toThrow(/more than once/);
  });

  test('with privacy and no salt', () => {
    expect(() => build((stack) => protecting(tableOf(stack, 'Users'), { privacy: 'hash' }))).toThrow(
      /no `privacySalt`, without which a hash can be guessed/,
    );
  });

  test.each([
    [200, true],
    [500, true],
    [501, false],
  ])('provisioned with %s write units: warned of, %s', (writeCapacity, isWarned) => {
    const { stack } = build((mine) => protecting(tableOf(mine, 'Users', { writeCapacity })));
    const warnings = Annotations.fromStack(stack).findWarning(
      '*',
      Match.stringLikeRegexp(
        `provisioned with ${String(writeCapacity)} write units .* nobody would be suspended.*"limit": ${String(writeCapacity * 60)}`,
      ),
    );
    expect(warnings).toHaveLength(isWarned ? 1 : 0);
  });

  test('that is on-demand is warned of in no way', () => {
    const { stack } = build((mine) =>
      protecting(tableOf(mine, 'Users', { billingMode: BillingMode.PAY_PER_REQUEST })),
    );
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });
});

test('everything that is wrong is said at once', () => {
  const stack = new Stack(appWithoutBundling(), 'Mine');
  expect(() => new Spillway(stack, 'Throttle', { tables: [], vpc: vpcOf(stack), store: 'a{b}' })).toThrow(
    /there are no tables.*\n- nothing says how large the usage stream must be.*\n- the store's name is "a\{b\}"/,
  );
});

test.each([
  [{ usageStreamMode: StreamMode.ON_DEMAND, usageShards: 2 }, /an on-demand stream has none of its own/],
  [{ usageShards: 0 }, /`usageShards` is 0. Write a whole number/],
  [{ updatesPerDay: -1 }, /`updatesPerDay` is -1/],
  [{ peakFactor: 0 }, /`peakFactor` is 0/],
  [{ notifyTemplate: '{what}' }, /there is nobody to tell/],
  [
    { suspensionLength: Duration.days(8) },
    /`suspensionLength` is 8 days, and the suspender takes 7 days at most/,
  ],
])('props that contradict each other or are out of bounds: %p', (props, message) => {
  expect(() => build(() => props)).toThrow(message);
});

test('a VPC where a function reaches nothing, and one of a single zone', () => {
  expect(() => build((stack) => ({ vpc: vpcOf(stack, SubnetType.PUBLIC) }))).toThrow(/public subnets only/);
  expect(() => build((stack) => ({ vpc: vpcOf(stack, SubnetType.PRIVATE_ISOLATED, 1) }))).toThrow(
    /in one zone only/,
  );
});

test('a second Spillway in a stack', () => {
  const { stack } = build();
  expect(
    () =>
      new Spillway(stack, 'Second', {
        ...protecting(tableOf(stack, 'Others')),
        vpc: vpcOf(new Construct(stack, 'Other')),
        usageShards: 1,
      }),
  ).toThrow(/the stack Mine has an output SpillwayUsageStream already.*a second Stack/);
});
