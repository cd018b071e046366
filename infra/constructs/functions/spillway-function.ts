import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { type IGrantable, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundling } from '../bundling';
import { acknowledgeWildcard } from '../wildcards';
import { entryOf, type FunctionName } from './entry';

/** What all functions share. */
export interface FunctionSettings {
  readonly logRetention: RetentionDays;
  readonly encryptionKey: IKey | undefined;
}

/** Where a function runs that must reach the cache. */
export interface FunctionNetwork {
  readonly vpc: IVpc;
  readonly vpcSubnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
}

export interface SpillwayFunctionProps extends FunctionSettings {
  readonly name: FunctionName;
  readonly description: string;
  readonly timeout: Duration;
  readonly memoryMiB: number;
  /** Kept for this function, however busy the account is; undefined where it takes what is free. */
  readonly reservedConcurrency: number | undefined;
  /** Undefined where it runs outside of any VPC. */
  readonly network: FunctionNetwork | undefined;
}

/**
 * One of Spillway's functions: bundled, with a role and a log group of its own. Its role starts with no more than its
 * logs (and, in a VPC, its network interface); `set` adds a variable and what it takes to use it.
 */
export class SpillwayFunction extends Construct {
  readonly function: NodejsFunction;
  readonly logGroup: LogGroup;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: SpillwayFunctionProps) {
    super(scope, id);
    const { name, network, encryptionKey } = props;
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What Spillway's ${name} may do`,
    });
    this.logGroup.grantWrite(this.role);
    if (network !== undefined) allowNetworkInterface(this.role);
    this.function = new NodejsFunction(this, 'Function', {
      entry: entryOf(name),
      handler: 'handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      description: props.description,
      timeout: props.timeout,
      memorySize: props.memoryMiB,
      role: this.role,
      logGroup: this.logGroup,
      // Metrics are lines that begin with a brace: Lambda's JSON format would wrap them.
      loggingFormat: LoggingFormat.TEXT,
      environment: { NODE_OPTIONS: '--enable-source-maps' },
      bundling,
      ...(encryptionKey === undefined ? {} : { environmentEncryption: encryptionKey }),
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...(network === undefined
        ? {}
        : {
            vpc: network.vpc,
            vpcSubnets: network.vpcSubnets,
            securityGroups: [network.securityGroup],
          }),
    });
  }

  /** Sets an environment variable together with what the function needs for using it. */
  set(variable: string, value: string, grant?: (grantee: IGrantable) => unknown): this {
    this.function.addEnvironment(variable, value);
    grant?.(this.function);
    return this;
  }
}

/** What Lambda does in the function's name to put it into a VPC (Lambda Developer Guide, execution role for VPC access). */
function allowNetworkInterface(role: Role): void {
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    }),
  );
  acknowledgeWildcard(
    role,
    '*',
    'Lambda makes the network interface of a function in a VPC under a name that nobody knows before.',
  );
}
