import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, type ITable, StreamViewType, Table, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { type IVpc, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { Spillway, type SpillwayProps, StreamedTable } from '../../../infra/constructs';
import { asInterface } from '../../../infra/constructs/as-interface';

/** An app that does not bundle the functions: what they hold is no matter of the tests that look at templates. */
export function appWithoutBundling(): App {
  return new App({ context: { 'aws:cdk:bundling-stacks': [] } });
}

/** A table of the app with a stream that shows both images. */
export function tableOf(stack: Construct, id: string, props: Partial<TableProps> = {}): ITable {
  return tableWithoutStream(stack, id, { stream: StreamViewType.NEW_AND_OLD_IMAGES, ...props });
}

export function tableWithoutStream(stack: Construct, id: string, props: Partial<TableProps> = {}): ITable {
  const partitionKey = { name: 'app_id', type: AttributeType.STRING };
  return asInterface<ITable>(new Table(stack, id, { partitionKey, ...props }));
}

export function vpcOf(stack: Construct, subnetType = SubnetType.PRIVATE_ISOLATED, maxAzs = 2): IVpc {
  const subnetConfiguration = [{ name: 'subnets', subnetType }];
  return asInterface<IVpc>(new Vpc(stack, 'Vpc', { maxAzs, natGateways: 0, subnetConfiguration }));
}

export interface Built {
  readonly stack: Stack;
  readonly spillway: Spillway;
}

/** A Spillway on a table `Users`, with the props that are given besides. */
export function build(more: (stack: Stack) => Partial<SpillwayProps> = () => ({})): Built {
  const stack = new Stack(appWithoutBundling(), 'Mine');
  const given = more(stack);
  const spillway = new Spillway(stack, 'Throttle', {
    tables: given.tables ?? [StreamedTable.fromTable(tableOf(stack, 'Users'), { subject: '{app_id}' })],
    vpc: given.vpc ?? vpcOf(stack),
    ...(given.usageStreamMode === undefined && given.usageShards === undefined ? { updatesPerDay: 1e7 } : {}),
    ...given,
  });
  return { stack, spillway };
}

/** With everything that can be switched on. */
export function buildEverything(): Built {
  return build((stack) => ({
    tables: [
      StreamedTable.fromTable(tableOf(stack, 'Users'), { subject: '{app_id}', privacy: 'hash' }),
      StreamedTable.fromTable(tableOf(stack, 'Events'), {
        subject: "{pk part 2 by '#'}",
        transactions: { attribute: 'token' },
        writingRegion: 'region',
      }),
      StreamedTable.fromTable(tableWithoutStream(stack, 'Sessions'), {
        subject: '{app_id}',
        source: 'reporter',
      }),
    ],
    privacySalt: new Secret(stack, 'Salt'),
    notifyWebhook: new Secret(stack, 'Webhook'),
    notifyTopic: asInterface<ITopic>(new Topic(stack, 'People')),
    notifyTemplate: '{what}',
    suspensionLength: Duration.minutes(2),
    encryptionKey: asInterface<IKey>(new Key(stack, 'Key')),
    store: 'production',
  }));
}

export type Resources = Readonly<
  Record<string, { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }>
>;

export function resourcesOf({ stack }: Built): Resources {
  return (Template.fromStack(stack).toJSON() as { Resources: Resources }).Resources;
}
