import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { type IStream, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface StreamsProps {
  /** Shards of the usage stream; undefined for an on-demand stream. */
  readonly usageShards: number | undefined;
  readonly usageRetention: Duration;
  readonly encryptionKey: IKey | undefined;
}

/** The streams between the estimator, Flink and the alerter. */
export class Streams extends Construct {
  readonly usage: Stream;
  readonly excess: Stream;
  readonly setAside: Stream;

  constructor(scope: Construct, id: string, { usageShards, usageRetention, encryptionKey }: StreamsProps) {
    super(scope, id);
    const shared = {
      // What is in a stream is gone by itself within a day; a stream that is left over only costs.
      removalPolicy: RemovalPolicy.DESTROY,
      ...(encryptionKey === undefined
        ? { encryption: StreamEncryption.MANAGED }
        : { encryption: StreamEncryption.KMS, encryptionKey }),
    };
    this.usage = new Stream(this, 'Usage', {
      ...shared,
      retentionPeriod: usageRetention,
      ...(usageShards === undefined
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: usageShards }),
    });
    const one = { ...shared, streamMode: StreamMode.PROVISIONED, shardCount: 1 };
    this.excess = new Stream(this, 'Excess', one);
    this.setAside = new Stream(this, 'SetAside', one);
  }
}

/** PutRecords and what encryption needs for it, and nothing more. */
export function grantPutRecords(stream: IStream, grantee: IGrantable): Grant {
  const put = Grant.addToPrincipal({
    grantee,
    actions: ['kinesis:PutRecords'],
    resourceArns: [stream.streamArn],
  });
  const { encryptionKey } = stream;
  return encryptionKey === undefined ? put : put.combine(encryptionKey.grant(grantee, 'kms:GenerateDataKey'));
}
