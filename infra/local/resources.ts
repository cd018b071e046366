import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  type KinesisClient,
  LimitExceededException,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout as wait } from 'node:timers/promises';
import { createControlTable } from './control-table';

/** The streams, queues, buckets and control table of one Spillway, as CDK makes them in an account. */
export interface Resources {
  /** Stream names. */
  readonly usageStream: string;
  readonly excessStream: string;
  readonly setAsideStream: string;
  readonly requestQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** Takes what people are to be told. */
  readonly notificationQueueUrl: string;
  readonly codeBucket: string;
  /** Takes the batches that event sources give up. */
  readonly failedBatchBucket: string;
  /** Keeps usage as Parquet (docs/archive.md). */
  readonly archiveBucket: string;
  readonly controlTable: string;
}

export interface ResourceClients {
  readonly dynamodb: DynamoDBClient;
  readonly kinesis: KinesisClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
}

/** A request that the suspender could not handle so many times goes to the dead-letter queue. */
const maxReceiveCount = 5;

/** Creates all of it under names that begin with `prefix`, and waits until streams and table can be used. */
export async function createResources(
  { dynamodb, kinesis, sqs, s3 }: ResourceClients,
  prefix: string,
  usageShards: number,
): Promise<Resources> {
  const createStream = async (name: string, shards: number): Promise<string> => {
    await createWhenTaken(kinesis, name, shards);
    await waitUntilStreamExists(
      { client: kinesis, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
      { StreamName: name },
    );
    return name;
  };
  const createBucket = async (name: string): Promise<string> => {
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    return name;
  };
  const controlTable = `${prefix}-control`;
  const [usageStream, excessStream, setAsideStream, queues, codeBucket, failedBatchBucket, archiveBucket] =
    await Promise.all([
      createStream(`${prefix}-usage`, usageShards),
      createStream(`${prefix}-excess`, 1),
      createStream(`${prefix}-set-aside`, 1),
      createQueues(sqs, prefix),
      createBucket(`${prefix}-code`),
      createBucket(`${prefix}-failed-batches`),
      createBucket(`${prefix}-archive`),
      createControlTable(dynamodb, controlTable),
    ]);
  return {
    usageStream,
    excessStream,
    setAsideStream,
    ...queues,
    codeBucket,
    failedBatchBucket,
    archiveBucket,
    controlTable,
  };
}

/** Kinesis takes five new streams a second from all who ask; for ten seconds it is asked again. */
async function createWhenTaken(kinesis: KinesisClient, name: string, shards: number): Promise<void> {
  const giveUpAtMs = Date.now() + 10_000;
  for (;;) {
    try {
      await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
      return;
    } catch (cause) {
      if (!(cause instanceof LimitExceededException) || Date.now() > giveUpAtMs) throw cause;
      await wait(300);
    }
  }
}

async function createQueues(
  sqs: SQSClient,
  prefix: string,
): Promise<Pick<Resources, 'requestQueueUrl' | 'deadLetterQueueUrl' | 'notificationQueueUrl'>> {
  const deadLetterQueueUrl = await createQueue(sqs, `${prefix}-requests-dead-letter`, {});
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetterQueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const requestQueueUrl = await createQueue(sqs, `${prefix}-requests`, {
    VisibilityTimeout: '30',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.['QueueArn'], maxReceiveCount }),
  });
  const notificationQueueUrl = await createQueue(sqs, `${prefix}-notifications`, { VisibilityTimeout: '30' });
  return { requestQueueUrl, deadLetterQueueUrl, notificationQueueUrl };
}

async function createQueue(
  sqs: SQSClient,
  name: string,
  attributes: Record<string, string>,
): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  if (QueueUrl === undefined) throw new Error(`the queue ${name} was created without a URL`);
  return QueueUrl;
}

/** The ARN of a local stream. */
export function streamArn(name: string): string {
  return `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
}
