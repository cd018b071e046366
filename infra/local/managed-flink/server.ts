import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApplicationStore } from './application-store';
import { type AwsEnvironment, CodeInS3 } from './code-in-s3';
import { Control } from './control';
import { FlinkPage } from './flink-page';
import { FlinkRest } from './flink-rest';
import { Jobs } from './jobs';
import { Lifecycle } from './lifecycle';
import { OperationRunner } from './operation-runner';
import { DEFAULT_RATE, type RateLimit, RequestRate } from './request-rate';
import { ServiceProtocol } from './service-protocol';
import { settle } from './settle';
import { Snapshots } from './snapshots';
import { type TroubleRequest, Troubles } from './troubles';

export interface ManagedFlinkOptions {
  /** Flink's REST API, `http://127.0.0.1:8081`. */
  flinkRestUrl: string;
  /** AWS_REGION, AWS_ENDPOINT_URL_S3 and credentials: where application code lies. */
  environment: AwsEnvironment;
  /** Keeps state, properties files and savepoints; a second endpoint on the same folder goes on where it was. */
  folder: string;
  /** A free one unless given. */
  port?: number;
  /** A passing status (STARTING, UPDATING, a snapshot's CREATING …) is seen at least so long. @default 500 */
  leastTransitionMs?: number;
  /** How many requests for one action are answered. @default 20 a second, 40 after a silence */
  rate?: RateLimit;
  /** @default 1,000 snapshots an application, 100 applications */
  limits?: { snapshots?: number; applications?: number };
  /** What goes wrong on purpose, from the start on; more may be added while the endpoint runs. */
  troubles?: readonly TroubleRequest[];
  /** The clock of the request rate and of presigned URLs, epoch ms. @default Date.now */
  now?: () => number;
}

export interface ManagedFlink {
  /** For AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2. */
  endpoint: string;
  /** Brings about what the service does by itself or suffers. Over HTTP it is at `<endpoint>/local/`. */
  control: Control;
  /** Stops answering; jobs that run on Flink go on. */
  stop(): Promise<void>;
}

// The Guide's page on quotas: snapshots of an application, applications in a Region.
const LIMITS = { snapshots: 1000, applications: 100 };

/**
 * The KinesisAnalyticsV2 API on 127.0.0.1, over a Flink session cluster: what AWS's SDK and CLI send to create,
 * start, update and stop applications does the same here. docs/local-managed-flink.md says which behaviours of
 * the service it keeps.
 */
export async function startManagedFlink(options: ManagedFlinkOptions): Promise<ManagedFlink> {
  const now = options.now ?? Date.now;
  const limits = { ...LIMITS, ...options.limits };
  const flinkRestUrl = options.flinkRestUrl.replace(/\/$/, '');
  const store = new ApplicationStore(options.folder);
  const code = new CodeInS3(options.environment);
  const troubles = new Troubles(options.troubles);
  const runner = new OperationRunner(store, troubles, options.leastTransitionMs ?? 500);
  const jobs = new Jobs(new FlinkRest(flinkRestUrl), code, options.folder);
  const snapshots = new Snapshots(store, jobs, runner, limits.snapshots);
  const lifecycle = new Lifecycle(store, jobs, snapshots, runner);
  const page = new FlinkPage(flinkRestUrl, store, now);
  const control = new Control(troubles, store, lifecycle);
  await settle({ store, jobs, snapshots, runner, lifecycle });
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const context = {
    store,
    lifecycle,
    snapshots,
    runner,
    jobs,
    code,
    page,
    endpoint,
    applicationLimit: limits.applications,
    region: options.environment.AWS_REGION ?? 'us-east-1',
    account: '000000000000',
  };
  const service = new ServiceProtocol(context, new RequestRate(options.rate ?? DEFAULT_RATE, now), troubles);
  server.on('request', (request, response) => {
    if (FlinkPage.isAskedFor(request)) void page.answer(request, response);
    else if (Control.isAskedFor(request)) void control.answer(request, response);
    else void service.answer(request, response);
  });
  return {
    endpoint,
    control,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await runner.close();
      code.close();
    },
  };
}
