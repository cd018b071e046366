import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  type ISubnet,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  type SubnetSelection,
  SubnetType,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { FunctionNetwork } from './functions/spillway-function';
import { cachePort, type SuspensionCache } from './suspension-cache';

export interface NetworkProps {
  readonly vpc: IVpc;
  readonly vpcSubnets: SubnetSelection;
  readonly createEndpoints: boolean;
  /** Whether the functions in the VPC put messages on a queue. */
  readonly needsSqs: boolean;
}

/**
 * Where the suspender and the operator function run. They speak to the cache, to DynamoDB (a gateway endpoint, which
 * costs nothing) and, where people are told, to SQS (an interface endpoint, which costs by the hour). Their logs, their
 * metrics and what Lambda reads from the queue for them go another way and need no endpoint.
 */
export class Network extends Construct implements FunctionNetwork {
  readonly vpc: IVpc;
  readonly vpcSubnets: SubnetSelection;
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, { vpc, vpcSubnets, createEndpoints, needsSqs }: NetworkProps) {
    super(scope, id);
    this.vpc = vpc;
    this.vpcSubnets = vpcSubnets;
    this.securityGroup = new SecurityGroup(this, 'Functions', {
      vpc,
      description: 'Functions of Spillway that reach the cache',
      allowAllOutbound: false,
    });
    this.securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'DynamoDB and SQS');
    if (!createEndpoints) return;
    vpc.addGatewayEndpoint('SpillwayDynamoDb', {
      service: GatewayVpcEndpointAwsService.DYNAMODB,
      subnets: [vpcSubnets],
    });
    if (!needsSqs) return;
    const sqs = vpc.addInterfaceEndpoint('SpillwaySqs', {
      service: InterfaceVpcEndpointAwsService.SQS,
      subnets: vpcSubnets,
      open: false,
    });
    sqs.connections.allowFrom(this.securityGroup, Port.tcp(443), 'Functions of Spillway');
  }

  /** Lets the functions in the VPC reach the cache. */
  openTo(cache: SuspensionCache): void {
    cache.connections.allowFrom(this.securityGroup, cachePort, 'Functions of Spillway');
  }
}

/** Undefined where the VPC has neither kind of subnet that a function may stand in. */
export function defaultSubnets(vpc: IVpc): SubnetSelection | undefined {
  if (vpc.privateSubnets.length > 0) return { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
  if (vpc.isolatedSubnets.length > 0) return { subnetType: SubnetType.PRIVATE_ISOLATED };
  return undefined;
}

/** One subnet for each zone, three at most, which is what ElastiCache Serverless takes. */
export function cacheSubnets(vpc: IVpc, vpcSubnets: SubnetSelection): readonly ISubnet[] {
  return vpc.selectSubnets({ ...vpcSubnets, onePerAz: true }).subnets.slice(0, 3);
}
