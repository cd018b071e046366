import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings, type Environment } from '../../lambdas/delivery/environment';
import { kinesisClient } from '../../lambdas/delivery/kinesis-client';

/** SDK clients for the servers of one local system. */
export interface LocalClients {
  readonly dynamodb: DynamoDBClient;
  readonly kinesis: KinesisClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
}

/** Clients for the endpoints of an environment; whoever makes them destroys them. */
export function localClients(environment: Environment): LocalClients {
  return {
    dynamodb: new DynamoDBClient(clientSettings(environment, 'DYNAMODB')),
    kinesis: kinesisClient(environment),
    sqs: new SQSClient(clientSettings(environment, 'SQS')),
    s3: new S3Client({ ...clientSettings(environment, 'S3'), forcePathStyle: true }),
  };
}

/** Lets go of the clients' connections. */
export function destroyClients({ dynamodb, kinesis, sqs, s3 }: LocalClients): void {
  for (const client of [dynamodb, kinesis, sqs, s3]) client.destroy();
}
