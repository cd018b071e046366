import { ArnFormat, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, LogStream, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { grantPutRecords, type Streams } from './streams';
import { acknowledgeObjects, acknowledgeWildcard } from './wildcards';

export interface FlinkRoleProps {
  readonly streams: Streams;
  readonly codeBucket: Bucket;
  readonly logRetention: RetentionDays;
  readonly encryptionKey: IKey | undefined;
}

/**
 * What the Flink applications may do. The applications are the orchestrator's; it passes them this role. They read
 * usage, put excesses and what they set aside, and take their release from the code bucket.
 */
export class FlinkRole extends Construct {
  readonly role: Role;
  /** Takes the applications' logs, once one is given a logging option with its stream. */
  readonly logGroup: LogGroup;
  readonly logStream: LogStream;

  constructor(scope: Construct, id: string, props: FlinkRoleProps) {
    super(scope, id);
    const { streams, codeBucket, logRetention, encryptionKey } = props;
    const stack = Stack.of(this);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
    });
    this.logStream = new LogStream(this, 'LogStream', {
      logGroup: this.logGroup,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      // Of this account's applications only: the service works for everybody.
      assumedBy: new ServicePrincipal('kinesisanalytics.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: {
            'aws:SourceArn': stack.formatArn({
              service: 'kinesisanalytics',
              resource: 'application',
              resourceName: '*',
            }),
          },
        },
      }),
      description: "What Spillway's Flink applications may do",
    });
    // The calls of flink-sql/kinesis-connector.
    this.allow(
      ['kinesis:ListShards', 'kinesis:GetShardIterator', 'kinesis:GetRecords'],
      streams.usage.streamArn,
    );
    streams.usage.encryptionKey?.grantDecrypt(this.role);
    grantPutRecords(streams.excess, this.role);
    grantPutRecords(streams.setAside, this.role);
    this.allow(['s3:GetObject', 's3:GetObjectVersion'], codeBucket.arnForObjects('*'));
    codeBucket.encryptionKey?.grantDecrypt(this.role);
    // The developer guide asks for the two descriptions besides, to find the log stream.
    this.allow(['logs:DescribeLogStreams', 'logs:PutLogEvents'], this.logGroup.logGroupArn);
    acknowledgeObjects(
      this.role,
      codeBucket,
      '*',
      'Releases are named for what is in them, and the bucket holds nothing else.',
    );
    const groups = { service: 'logs', resource: 'log-group', resourceName: '*' };
    this.allow(
      ['logs:DescribeLogGroups'],
      stack.formatArn({ ...groups, arnFormat: ArnFormat.COLON_RESOURCE_NAME }),
    );
    acknowledgeWildcard(
      this.role,
      // As cdk-nag writes an ARN: what is not known yet stands in angle brackets.
      `arn:<AWS::Partition>:logs:${known(stack.region, '<AWS::Region>')}:${known(stack.account, '<AWS::AccountId>')}:log-group:*`,
      'The service lists groups to find its own; names of log groups are no secret.',
    );
  }

  private allow(actions: string[], resource: string): void {
    this.role.addToPolicy(new PolicyStatement({ actions, resources: [resource] }));
  }
}

function known(value: string, otherwise: string): string {
  return Token.isUnresolved(value) ? otherwise : value;
}
