import { Duration, Token } from 'aws-cdk-lib';
import type { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';
import { suspensionStoreNames } from '../../lambdas/contracts/suspension-store';
import { cacheSubnets, defaultSubnets } from './network';
import type { SpillwayProps } from './props';
import { assumedLoad, usageCapacity } from './usage-capacity';

/** Props whose meaning had to be worked out. */
export interface Validated {
  /** Undefined for an on-demand stream. */
  readonly usageShards: number | undefined;
  readonly vpcSubnets: SubnetSelection;
}

/**
 * Checks the props, and throws one error that says everything that is wrong with them: what, why, and what to do. What
 * is allowed and yet doubtful becomes a warning of the synthesis.
 */
export function validated(scope: Construct, props: SpillwayProps): Validated {
  const vpcSubnets = props.vpcSubnets ?? defaultSubnets(props.vpc);
  const problems = [
    ...tableProblems(props),
    ...shardProblems(props),
    ...settingProblems(props),
    ...subnetProblems(props, vpcSubnets),
  ];
  if (problems.length > 0 || vpcSubnets === undefined) {
    throw new Error(`${scope.node.path} cannot be built:\n${problems.map((one) => `- ${one}`).join('\n')}`);
  }
  for (const table of props.tables) table.warn(scope);
  return { usageShards: shardsOf(props), vpcSubnets };
}

function tableProblems({ tables, privacySalt }: SpillwayProps): string[] {
  if (tables.length === 0) {
    return [
      "there are no tables, so there is nothing to protect. Add one: StreamedTable.fromTable(table, { subject: '{app_id}' }).",
    ];
  }
  const problems = tables.flatMap((table) => table.problems());
  const names = tables.map(({ table }) => table.tableName);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  if (twice.size > 0) {
    problems.push(
      `the same table is in \`tables\` more than once, and each of its changes would count as often. Leave one entry of it.`,
    );
  }
  if (privacySalt === undefined && tables.some(({ isHashed }) => isHashed)) {
    problems.push(
      'a table has `privacy`, but there is no `privacySalt`, without which a hash can be guessed. Give a secret text of at least ' +
        '32 characters, and give the same to your guards.',
    );
  }
  return problems;
}

function shardProblems({ usageStreamMode, updatesPerDay, usageShards, peakFactor }: SpillwayProps): string[] {
  if (usageStreamMode === StreamMode.ON_DEMAND) {
    if (usageShards === undefined) return [];
    return [
      '`usageShards` is given, but an on-demand stream has none of its own. Leave one of the two away.',
    ];
  }
  if (usageShards !== undefined) {
    if (Token.isUnresolved(usageShards) || (Number.isInteger(usageShards) && usageShards > 0)) return [];
    return [`\`usageShards\` is ${String(usageShards)}. Write a whole number of at least 1.`];
  }
  if (updatesPerDay === undefined) {
    return [
      'nothing says how large the usage stream must be, and one that is too small holds the estimator up. Give `updatesPerDay` ' +
        '(changes of all tables in a day; CloudWatch has them as ConsumedWriteCapacityUnits or SuccessfulRequestLatency), `usageShards`, or ' +
        'usageStreamMode: StreamMode.ON_DEMAND.',
    ];
  }
  return [
    ...notAbove('updatesPerDay', updatesPerDay, 0),
    ...(peakFactor === undefined ? [] : notAbove('peakFactor', peakFactor, 0)),
  ];
}

function notAbove(name: string, value: number, least: number): string[] {
  return value > least && Number.isFinite(value)
    ? []
    : [`\`${name}\` is ${String(value)}. Write a number above ${String(least)}.`];
}

function shardsOf({
  usageStreamMode,
  updatesPerDay,
  usageShards,
  peakFactor,
}: SpillwayProps): number | undefined {
  if (usageStreamMode === StreamMode.ON_DEMAND) return undefined;
  if (usageShards !== undefined || updatesPerDay === undefined) return usageShards;
  return usageCapacity({ ...assumedLoad, updatesPerDay, peakFactor: peakFactor ?? assumedLoad.peakFactor })
    .shards;
}

function settingProblems(props: SpillwayProps): string[] {
  const problems: string[] = [];
  try {
    suspensionStoreNames(props.store);
  } catch (cause) {
    problems.push(cause instanceof Error ? cause.message : String(cause));
  }
  const { notifyTemplate, notifyTopic, notifyWebhook, suspensionLength } = props;
  if (notifyTemplate !== undefined && notifyTopic === undefined && notifyWebhook === undefined) {
    problems.push(
      '`notifyTemplate` is given, but there is nobody to tell. Give `notifyWebhook`, `notifyTopic` or both.',
    );
  }
  const longest = Duration.days(7);
  if (suspensionLength !== undefined && suspensionLength.toSeconds() > longest.toSeconds()) {
    problems.push(
      `\`suspensionLength\` is ${suspensionLength.toHumanString()}, and the suspender takes 7 days at most. Suspend for as long as ` +
        'the window, and let a policy lengthen it for who does it again (docs/suspensions.md).',
    );
  }
  return problems;
}

function subnetProblems({ vpc, cache }: SpillwayProps, vpcSubnets: SubnetSelection | undefined): string[] {
  if (vpcSubnets === undefined) {
    return [
      'the VPC has public subnets only, where a function reaches nothing. Give a VPC with private or isolated subnets, or name ' +
        'some with `vpcSubnets`.',
    ];
  }
  if (cache !== undefined || vpc.selectSubnets(vpcSubnets).isPendingLookup === true) return [];
  if (cacheSubnets(vpc, vpcSubnets).length >= 2) return [];
  return [
    'the subnets lie in one zone only, and ElastiCache Serverless wants two or three. Name subnets of at least two zones with ' +
      '`vpcSubnets`.',
  ];
}
