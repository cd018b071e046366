import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnOutput } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Connections, type IConnectable, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { type IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { outputKeys } from '../../../orchestrator/definition/cdk-outputs';
import { readEnvironment } from '../../../orchestrator/definition/environments';
import { build, buildEverything, resourcesOf } from './built';
import { permissionsOfRole } from './policies';
import { templateText } from './template-text';

const template = Template.fromStack(build().stack);
const everything = buildEverything();
const full = Template.fromStack(everything.stack);

test('the usage stream has the shards that the changes of a day need, the others have one', () => {
  template.resourcePropertiesCountIs('AWS::Kinesis::Stream', { ShardCount: 1 }, 3);
  const large = Template.fromStack(build(() => ({ updatesPerDay: 1e9 })).stack);
  large.hasResourceProperties('AWS::Kinesis::Stream', { ShardCount: 6, RetentionPeriodHours: 24 });
});

test('an on-demand usage stream counts no shards', () => {
  const { stack } = build(() => ({ usageStreamMode: StreamMode.ON_DEMAND }));
  Template.fromStack(stack).hasResourceProperties('AWS::Kinesis::Stream', {
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    ShardCount: Match.absent(),
  });
});

test('batches of a table stay whole, and go to the bucket with their records when they are given up', () => {
  const [bucket] = Object.keys(
    template.findResources('AWS::S3::Bucket', { Properties: { VersioningConfiguration: Match.absent() } }),
  );
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    EventSourceArn: Match.objectLike({ 'Fn::GetAtt': Match.arrayWith(['StreamArn']) }),
    BisectBatchOnFunctionError: false,
    FunctionResponseTypes: Match.absent(),
    StartingPosition: 'LATEST',
    BatchSize: 1_000,
    MaximumBatchingWindowInSeconds: 1,
    MaximumRecordAgeInSeconds: 900,
    MaximumRetryAttempts: 100,
    DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [bucket, 'Arn'] } } },
  });
});

test('each streamed table has an event source of its own, and a reported one has none', () => {
  const ofTables = { EventSourceArn: Match.objectLike({ 'Fn::GetAtt': Match.arrayWith(['StreamArn']) }) };
  full.resourcePropertiesCountIs('AWS::Lambda::EventSourceMapping', ofTables, 2);
});

test('what follows reports the items that failed', () => {
  const reporting = { FunctionResponseTypes: ['ReportBatchItemFailures'] };
  full.resourcePropertiesCountIs('AWS::Lambda::EventSourceMapping', reporting, 3);
  template.resourcePropertiesCountIs('AWS::Lambda::EventSourceMapping', reporting, 2);
});

test('a queue hides a message for as long as its function may take, and gives up to dead letters for 14 days', () => {
  const redriven = { RedrivePolicy: { maxReceiveCount: 10 }, VisibilityTimeout: 30 };
  template.hasResourceProperties('AWS::SQS::Queue', redriven);
  template.hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 14 * 24 * 3600 });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Description: Match.stringLikeRegexp('suspends'),
    Timeout: 15,
    ReservedConcurrentExecutions: 2,
  });
});

test('every function is a bundle for arm64 and nodejs24.x, with a log group that forgets', () => {
  const of = { Runtime: 'nodejs24.x', Architectures: ['arm64'], LoggingConfig: { LogFormat: 'Text' } };
  full.resourcePropertiesCountIs('AWS::Lambda::Function', of, 6);
  full.resourcePropertiesCountIs('AWS::Logs::LogGroup', { RetentionInDays: 30 }, 7);
});

test('dashboard and alarms are made where it is told which applications to watch', () => {
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  full.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  // A reporter's table has no estimate from its stream that could drift.
  full.resourcePropertiesCountIs(
    'AWS::CloudWatch::Alarm',
    { AlarmDescription: Match.anyValue(), Threshold: 0.25 },
    2,
  );
  full.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'LateEntries',
    Dimensions: [{ Name: 'StreamName', Value: { Ref: Match.stringLikeRegexp('StreamsSetAside') } }],
  });
});

test('the functions that reach the cache stand in the VPC, the others do not', () => {
  full.resourcePropertiesCountIs('AWS::Lambda::Function', { VpcConfig: Match.anyValue() }, 2);
});

test('an account with a small quota can go without reserved concurrency', () => {
  const small = Template.fromStack(build(() => ({ reserveConcurrency: false })).stack);
  const reserved = { ReservedConcurrentExecutions: Match.anyValue() };
  small.resourcePropertiesCountIs('AWS::Lambda::Function', reserved, 0);
  template.resourcePropertiesCountIs('AWS::Lambda::Function', reserved, 3);
});

test('a sweep each minute, with the request that the operator function knows', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression: 'rate(1 minute)',
    Targets: [{ Input: JSON.stringify({ version: 1, who: 'schedule', ask: { action: 'sweep' } }) }],
  });
});

test('the cache has TLS by being serverless, and one user for functions, one for guards', () => {
  template.hasResourceProperties('AWS::ElastiCache::ServerlessCache', { Engine: 'valkey' });
  template.resourceCountIs('AWS::ElastiCache::User', 2);
  template.resourcePropertiesCountIs(
    'AWS::ElastiCache::User',
    {
      AccessString: Match.stringLikeRegexp(
        '^on ~\\{spillway\\}:\\* resetchannels &\\{spillway\\}:\\* -@all ',
      ),
    },
    2,
  );
});

test('the control table is kept, can be gone back in, and forgets by the attribute that the code writes', () => {
  template.hasResource('AWS::DynamoDB::Table', {
    DeletionPolicy: 'Retain',
    Properties: {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    },
  });
});

test('endpoints: the gateway of DynamoDB, that of SQS where people are told, none where the VPC has them', () => {
  const gateway = { VpcEndpointType: 'Gateway' };
  template.resourceCountIs('AWS::EC2::VPCEndpoint', 1);
  template.hasResourceProperties('AWS::EC2::VPCEndpoint', gateway);
  full.resourceCountIs('AWS::EC2::VPCEndpoint', 2);
  const without = Template.fromStack(build(() => ({ createVpcEndpoints: false })).stack);
  without.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
});

test('a key of your own encrypts all that is kept', () => {
  const key = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] };
  full.resourcePropertiesCountIs('AWS::Kinesis::Stream', { StreamEncryption: { KeyId: key } }, 3);
  full.resourcePropertiesCountIs('AWS::SQS::Queue', { KmsMasterKeyId: key }, 4);
  full.resourcePropertiesCountIs('AWS::Logs::LogGroup', { KmsKeyId: key }, 7);
  full.resourcePropertiesCountIs('AWS::Lambda::Function', { KmsKeyArn: key }, 6);
  full.resourcePropertiesCountIs('AWS::DynamoDB::Table', { SSESpecification: { KMSMasterKeyId: key } }, 1);
  full.resourcePropertiesCountIs('AWS::ElastiCache::ServerlessCache', { KmsKeyId: key }, 1);
  // The passwords of the functions and of the guards.
  full.resourcePropertiesCountIs('AWS::SecretsManager::Secret', { KmsKeyId: key }, 2);
});

test('everything that can be tagged says which Spillway it is of', () => {
  template.allResourcesProperties('AWS::Lambda::Function', {
    Tags: [{ Key: 'spillway', Value: 'spillway' }],
  });
  full.allResourcesProperties('AWS::Kinesis::Stream', {
    Tags: [{ Key: 'spillway', Value: 'production' }],
  });
});

/** Changing one of these ids deletes what it names, or leaves it behind and begins anew with nothing. */
test('what holds state keeps its logical ids', () => {
  const holdsState =
    /^AWS::(DynamoDB::Table|S3::Bucket|Kinesis::Stream|SQS::Queue|SecretsManager::Secret|ElastiCache::\w+)$/;
  const ids = Object.entries(resourcesOf(everything))
    .filter(([id, { Type }]) => holdsState.test(Type) && id.startsWith('Throttle'))
    .map(([id, { Type }]) => `${Type} ${id}`);
  expect(ids.sort()).toMatchInlineSnapshot(`
   [
     "AWS::DynamoDB::Table ThrottleStorageControlDC20F07B",
     "AWS::ElastiCache::ServerlessCache ThrottleCache2C410314",
     "AWS::ElastiCache::User ThrottleCacheFunctionsUserAE90F72D",
     "AWS::ElastiCache::User ThrottleCacheGuardsUser733EEB8D",
     "AWS::ElastiCache::UserGroup ThrottleCacheUsers3FC0A901",
     "AWS::Kinesis::Stream ThrottleStreamsExcess45BB4371",
     "AWS::Kinesis::Stream ThrottleStreamsSetAsideB52DBC35",
     "AWS::Kinesis::Stream ThrottleStreamsUsageF6D5BDDF",
     "AWS::S3::Bucket ThrottleStorageCode0EEC67E7",
     "AWS::S3::Bucket ThrottleStorageFailedBatches64C02CC2",
     "AWS::SQS::Queue ThrottleNotificationsDeadLetters396AF727",
     "AWS::SQS::Queue ThrottleNotificationsQueue1B1B0CA0",
     "AWS::SQS::Queue ThrottleRequestsDeadLettersBC2E68A4",
     "AWS::SQS::Queue ThrottleRequestsQueue799B3B67",
     "AWS::SecretsManager::Secret ThrottleCacheFunctionsPasswordC5FD91D5",
     "AWS::SecretsManager::Secret ThrottleCacheGuardsPassword0A4EDEB9",
   ]
  `);
});

describe('grants', () => {
  const granted = (give: (built: ReturnType<typeof build>, to: IGrantable & IConnectable) => void) => {
    const built = build();
    const role = new Role(built.stack, 'Api', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    const group = SecurityGroup.fromSecurityGroupId(built.stack, 'ApiGroup', 'sg-0123456789abcdef0');
    give(built, { grantPrincipal: role, connections: new Connections({ securityGroups: [group] }) });
    const permissions = permissionsOfRole(resourcesOf(built), 'Api');
    return { built, actions: permissions.map(({ action }) => action).sort(), permissions };
  };

  test('a guard may reach the cache and read its own password, and nothing else', () => {
    const { built, actions, permissions } = granted(({ spillway }, api) => spillway.grantGuardRead(api));
    expect(actions).toEqual(['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue']);
    expect(permissions.every(({ resource }) => resource.includes('GuardsPassword'))).toBe(true);
    Template.fromStack(built.stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      SourceSecurityGroupId: 'sg-0123456789abcdef0',
      FromPort: 6379,
      ToPort: 6380,
    });
  });

  test('a reporter may put usage', () => {
    const { actions } = granted(({ spillway }, api) => spillway.grantReport(api));
    expect(actions).toEqual(['kinesis:PutRecords']);
  });

  test('who operates may invoke the operator function', () => {
    const { actions, permissions } = granted(({ spillway }, api) => spillway.grantOperate(api));
    expect([...new Set(actions)]).toEqual(['lambda:InvokeFunction']);
    expect(permissions.every(({ resource }) => resource.includes('Operator'))).toBe(true);
  });
});

test('metrics are those that the functions write', () => {
  const { spillway } = everything;
  const described = [
    spillway.metricActiveSuspensions(),
    spillway.metricRequestsPrevented(),
    spillway.metricSubjectsSuspended(),
    spillway.metricRequestsHeld(),
    spillway.metricEstimatedWriteUnits('users'),
  ].map(
    ({ namespace, metricName, dimensions }) => `${namespace} ${metricName} ${JSON.stringify(dimensions)}`,
  );
  expect(described).toEqual([
    'Spillway ActiveSuspensions {"Store":"production"}',
    'Spillway RequestsPrevented {"Store":"production"}',
    'Spillway SubjectsSuspended {"Store":"production"}',
    'Spillway RequestsHeld {"Store":"production"}',
    'Spillway EstimatedWriteUnits {"TableName":"users"}',
  ]);
});

test('the orchestrator finds all of it in the outputs', () => {
  const { stack } = build(() => ({ archive: { name: 'production', firstDay: '2026-11-24' } }));
  new CfnOutput(stack, 'ApiUrl', { value: 'none of ours' });
  const { Outputs } = Template.fromStack(stack).toJSON() as {
    Outputs: Record<string, { Value: unknown }>;
  };
  // Their names follow from the environment's: the orchestrator reads neither.
  const forPeople = ['SpillwayArchiveDatabase', 'SpillwayArchiveWorkGroup'];
  expect(
    Object.keys(Outputs)
      .filter((name) => name.startsWith('Spillway') && !forPeople.includes(name))
      .sort(),
  ).toEqual(Object.keys(outputKeys).sort());
  const deployed = Object.entries(Outputs).map(([name, { Value }]) => [name, templateText(Value)]);
  const folder = mkdtempSync(join(tmpdir(), 'spillway-outputs-'));
  try {
    const entry = { region: 'eu-central-1', account: '111122223333', outputs: 'cdk-outputs.json' };
    writeFileSync(join(folder, 'environments.json'), JSON.stringify({ production: entry }));
    writeFileSync(join(folder, 'cdk-outputs.json'), JSON.stringify({ Mine: Object.fromEntries(deployed) }));
    const read = readEnvironment(join(folder, 'environments.json'), 'production');
    expect(read).toMatchObject({
      streams: {
        usage: expect.stringContaining('Usage') as string,
        excess: expect.stringContaining('Excess') as string,
        setAside: expect.stringContaining('SetAside') as string,
      },
      codeBucket: expect.stringContaining('Code') as string,
      failedBatchBucket: expect.stringContaining('FailedBatches') as string,
      controlTable: expect.stringContaining('Control') as string,
      archiveBucket: expect.stringContaining('Archive') as string,
      serviceRole: expect.stringContaining('FlinkRole') as string,
      operatorFunction: expect.stringContaining('Operator') as string,
      functions: {
        estimator: expect.stringContaining('Estimator') as string,
        alerter: expect.stringContaining('Alerter') as string,
        suspender: expect.stringContaining('Suspender') as string,
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
