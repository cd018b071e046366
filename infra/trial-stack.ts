import { type App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, type ITable, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { FlowLogDestination, IpAddresses, type IVpc, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';
import { Spillway, StreamedTable } from './constructs';
import { asInterface } from './constructs/as-interface';

/** Context of the trial app, each a text as `-c NAME=VALUE` gives it. */
interface TrialContext {
  readonly stack: string;
  /** Name of a table that is there; without it a table to try with is made. */
  readonly table: string | undefined;
  readonly tableStreamArn: string | undefined;
  readonly subject: string;
  /** Id of a VPC that is there; without it one is made. */
  readonly vpcId: string | undefined;
  readonly updatesPerDay: string | undefined;
}

/** The ready app for trying Spillway: one stack, everything by context, each with a default. */
export function trialStack(app: App): { readonly stack: Stack; readonly spillway: Spillway } {
  const context = readContext(app);
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
  const env = account !== undefined && region !== undefined ? { env: { account, region } } : {};
  const stack = new Stack(app, context.stack, { description: 'Spillway, to be tried', ...env });
  const spillway = new Spillway(stack, 'Throttle', {
    tables: [StreamedTable.fromTable(trialTable(stack, context), { subject: context.subject })],
    vpc: trialVpc(stack, context),
    // A VPC that is there may have the endpoints already; one that is made here has none.
    createVpcEndpoints: context.vpcId === undefined,
    ...(context.updatesPerDay === undefined
      ? { usageStreamMode: StreamMode.ON_DEMAND }
      : { updatesPerDay: Number(context.updatesPerDay) }),
  });
  return { stack, spillway };
}

function readContext(app: App): TrialContext {
  const text = (name: string): string | undefined => {
    const value: unknown = app.node.tryGetContext(name);
    return value === undefined || value === '' ? undefined : String(value);
  };
  return {
    stack: text('stack') ?? 'Spillway',
    table: text('table'),
    tableStreamArn: text('tableStreamArn'),
    subject: text('subject') ?? '{app_id}',
    vpcId: text('vpcId'),
    updatesPerDay: text('updatesPerDay') ?? '10000000',
  };
}

function trialTable(stack: Construct, { table, tableStreamArn }: TrialContext): ITable {
  if (table !== undefined) {
    return Table.fromTableAttributes(stack, 'Table', {
      tableName: table,
      ...(tableStreamArn === undefined ? {} : { tableStreamArn }),
    });
  }
  return asInterface<ITable>(
    new Table(stack, 'Table', {
      partitionKey: { name: 'app_id', type: AttributeType.STRING },
      sortKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.DESTROY,
    }),
  );
}

function trialVpc(stack: Construct, { vpcId }: TrialContext): IVpc {
  if (vpcId !== undefined) return Vpc.fromLookup(stack, 'Vpc', { vpcId });
  // Isolated, so that nothing in it costs by the hour but the cache: the functions reach DynamoDB through the gateway.
  const vpc = new Vpc(stack, 'Vpc', {
    ipAddresses: IpAddresses.cidr('10.20.0.0/22'),
    maxAzs: 2,
    natGateways: 0,
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [{ name: 'spillway', subnetType: SubnetType.PRIVATE_ISOLATED }],
  });
  vpc.addFlowLog('FlowLog', { destination: FlowLogDestination.toCloudWatchLogs() });
  return asInterface<IVpc>(vpc);
}
