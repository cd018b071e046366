import { join, resolve } from 'node:path';
import {
  type ApplicationDetail,
  type ApplicationOperationInfoDetails,
  CreateApplicationCommand,
  type CreateApplicationRequest,
  DescribeApplicationCommand,
  DescribeApplicationOperationCommand,
  KinesisAnalyticsV2Client,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  type ManagedFlink,
  type ManagedFlinkOptions,
  startManagedFlink,
} from '../../../../infra/local/managed-flink/server';
import { readDefinition } from '../../../../orchestrator/definition/read-definition';
import { buildRelease } from '../../../../orchestrator/release/build-release';
import { warmSystem } from '../../../parts/warm-system';
import { untilThere } from './until-there';

const root = resolve(__dirname, '../../../..');
/** Reads ticks of its own making: a job with state that needs no other server. */
const CODE = 'ticking.jar';
const REGION = 'us-east-1';
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** A Managed Flink endpoint as a client sees it, with code in S3 for it to run. */
export interface Endpoint {
  readonly client: KinesisAnalyticsV2Client;
  readonly url: string;
  /** Creates an application of the ticking code, changed as a test wants it. */
  create(name: string, changes?: Partial<CreateApplicationRequest>): Promise<ApplicationDetail>;
  describe(name: string): Promise<ApplicationDetail>;
  /** Waits until the application has the status. */
  until(name: string, status: string): Promise<ApplicationDetail>;
  /** Waits until the operation has ended. */
  ended(name: string, operationId: string | undefined): Promise<ApplicationOperationInfoDetails>;
}

/** An endpoint in the test's own process. */
export interface OwnEndpoint extends Endpoint {
  /** The endpoint's control, the current one after a restart. */
  control(): ManagedFlink['control'];
  /** Stops the endpoint and starts another one on the same folder and port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** `name` is the endpoint's bucket and its folder in the run's folder. */
export async function startEndpoint(
  name: string,
  changes: Partial<ManagedFlinkOptions> = {},
): Promise<OwnEndpoint> {
  const system = warmSystem();
  await uploadCode(name);
  const options = {
    flinkRestUrl: system.flinkRestUrl,
    environment: system.environment,
    folder: join(system.runFolder, name),
    ...changes,
  };
  let server: ManagedFlink = await startManagedFlink(options);
  const endpoint = connect(server.endpoint, name);
  return {
    ...endpoint,
    control: () => server.control,
    restart: async () => {
      await server.stop();
      server = await startManagedFlink({ ...options, port: Number(new URL(server.endpoint).port) });
    },
    stop: async () => {
      endpoint.client.destroy();
      await server.stop();
    },
  };
}

/** Makes the bucket and puts the ticking code into it. */
export async function uploadCode(bucket: string): Promise<void> {
  const s3 = new S3Client({
    region: REGION,
    credentials: CREDENTIALS,
    endpoint: warmSystem().environment['AWS_ENDPOINT_URL_S3'] ?? '',
    forcePathStyle: true,
  });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: CODE, Body: tickingJar() }));
  s3.destroy();
}

/** A client of an endpoint that runs. */
export function connect(url: string, bucket: string): Endpoint {
  const client = new KinesisAnalyticsV2Client({ region: REGION, credentials: CREDENTIALS, endpoint: url });
  const describe = async (application: string): Promise<ApplicationDetail> => {
    const { ApplicationDetail: detail } = await client.send(
      new DescribeApplicationCommand({ ApplicationName: application }),
    );
    if (detail === undefined) throw new Error('the answer has no ApplicationDetail');
    return detail;
  };
  return {
    client,
    url,
    describe,
    create: async (application, changes = {}) => {
      const { ApplicationDetail: detail } = await client.send(
        new CreateApplicationCommand({ ...createRequest(bucket, application), ...changes }),
      );
      if (detail === undefined) throw new Error('the answer has no ApplicationDetail');
      return detail;
    },
    until: (application, status) =>
      untilThere(`${application} to be ${status}`, async () => {
        const detail = await describe(application);
        return detail.ApplicationStatus === status ? detail : undefined;
      }),
    ended: (application, operationId) =>
      untilThere(`operation ${operationId ?? '?'} to end`, async () => {
        const { ApplicationOperationInfoDetails: details } = await client.send(
          new DescribeApplicationOperationCommand({ ApplicationName: application, OperationId: operationId }),
        );
        return details?.OperationStatus === 'IN_PROGRESS' ? undefined : details;
      }),
  };
}

/** A request of the ticking code with a checkpoint each second. */
export function createRequest(
  bucket: string,
  name: string,
  properties: Record<string, string> = {},
): CreateApplicationRequest {
  return {
    ApplicationName: name,
    RuntimeEnvironment: 'FLINK-2_2',
    ServiceExecutionRole: 'arn:aws:iam::000000000000:role/flink',
    ApplicationConfiguration: {
      ApplicationCodeConfiguration: {
        CodeContentType: 'ZIPFILE',
        CodeContent: { S3ContentLocation: { BucketARN: `arn:aws:s3:::${bucket}`, FileKey: CODE } },
      },
      FlinkApplicationConfiguration: {
        CheckpointConfiguration: { ConfigurationType: 'CUSTOM', CheckpointInterval: 1000 },
      },
      EnvironmentProperties: {
        PropertyGroups: [{ PropertyGroupId: 'spillway', PropertyMap: { rate: '20', ...properties } }],
      },
    },
  };
}

function tickingJar(): Uint8Array {
  const definition = readDefinition(join(root, 'test/orchestrator/definitions'), 'ticking');
  return buildRelease(definition, join(root, '.spillway/runner/spillway-runner.jar')).jar();
}
