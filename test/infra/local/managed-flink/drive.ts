import {
  CreateApplicationPresignedUrlCommand,
  CreateApplicationSnapshotCommand,
  DeleteApplicationCommand,
  ListApplicationSnapshotsCommand,
  type RunConfiguration,
  type SnapshotDetails,
  StartApplicationCommand,
  StopApplicationCommand,
  UpdateApplicationCommand,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { createRequest, type Endpoint } from './endpoint';
import { untilThere } from './until-there';

/** An application's Flink job, read through the presigned URL. */
export interface Job {
  readonly id: string;
  get<T>(path: string): Promise<T>;
}

/** What tests do with applications, in terms of the SDK. */
export interface Drive {
  start(name: string, run?: RunConfiguration): Promise<string | undefined>;
  stop(name: string, force?: boolean): Promise<string | undefined>;
  /** Creates an application and waits until it is RUNNING. */
  running(name: string, properties?: Record<string, string>): Promise<void>;
  /** Brings in other properties, from the given version on; the answer is the operation's id. */
  update(
    name: string,
    version: number,
    properties: Record<string, string>,
    allowNonRestoredState?: boolean,
  ): Promise<string | undefined>;
  /** Deletes it and waits until it is gone, so that its task slots are free again. */
  remove(name: string): Promise<void>;
  snapshots(name: string): Promise<SnapshotDetails[]>;
  /** Takes a snapshot and waits until it is READY. */
  snapshot(name: string, snapshot: string): Promise<SnapshotDetails>;
  presignedUrl(name: string, seconds?: number): Promise<URL>;
  jobOf(name: string): Promise<Job>;
  /** The savepoint that the running job was restored from. */
  restoredFrom(name: string): Promise<string | undefined>;
}

export function drive(
  endpoint: Pick<Endpoint, 'client' | 'create' | 'describe' | 'until' | 'ended'>,
  bucket: string,
): Drive {
  const { client } = endpoint;
  const start: Drive['start'] = async (ApplicationName, RunConfiguration) => {
    const { OperationId } = await client.send(
      new StartApplicationCommand({ ApplicationName, RunConfiguration }),
    );
    return OperationId;
  };
  const snapshots: Drive['snapshots'] = async (ApplicationName) => {
    const answer = await client.send(new ListApplicationSnapshotsCommand({ ApplicationName }));
    return answer.SnapshotSummaries ?? [];
  };
  const presignedUrl: Drive['presignedUrl'] = async (ApplicationName, seconds) => {
    const { AuthorizedUrl } = await client.send(
      new CreateApplicationPresignedUrlCommand({
        ApplicationName,
        UrlType: 'FLINK_DASHBOARD_URL',
        SessionExpirationDurationInSeconds: seconds,
      }),
    );
    return new URL(AuthorizedUrl ?? '');
  };
  const jobOf: Drive['jobOf'] = async (name) => {
    const url = await presignedUrl(name);
    const id = url.hash.split('/')[3] ?? '';
    const job = `${url.origin}${url.pathname}jobs/${id}`;
    return { id, get: async <T>(path: string) => (await (await fetch(job + path)).json()) as T };
  };
  return {
    start,
    snapshots,
    presignedUrl,
    jobOf,
    stop: async (ApplicationName, Force = false) => {
      const { OperationId } = await client.send(new StopApplicationCommand({ ApplicationName, Force }));
      return OperationId;
    },
    running: async (name, properties = {}) => {
      await endpoint.create(name, createRequest(bucket, name, properties));
      await endpoint.ended(name, await start(name));
      await endpoint.until(name, 'RUNNING');
    },
    update: async (ApplicationName, CurrentApplicationVersionId, properties, allow = false) => {
      const { OperationId } = await client.send(
        new UpdateApplicationCommand({
          ApplicationName,
          CurrentApplicationVersionId,
          RunConfigurationUpdate: { FlinkRunConfiguration: { AllowNonRestoredState: allow } },
          ApplicationConfigurationUpdate: {
            EnvironmentPropertyUpdates: {
              PropertyGroups: [{ PropertyGroupId: 'spillway', PropertyMap: { rate: '20', ...properties } }],
            },
          },
        }),
      );
      return OperationId;
    },
    remove: async (ApplicationName) => {
      const { CreateTimestamp } = await endpoint.describe(ApplicationName);
      await client.send(new DeleteApplicationCommand({ ApplicationName, CreateTimestamp }));
      await untilThere(`${ApplicationName} to be gone`, () =>
        endpoint.describe(ApplicationName).then(
          () => undefined,
          () => true,
        ),
      );
    },
    snapshot: async (ApplicationName, SnapshotName) => {
      await client.send(new CreateApplicationSnapshotCommand({ ApplicationName, SnapshotName }));
      return untilThere(`snapshot ${SnapshotName} to be READY`, async () =>
        (await snapshots(ApplicationName)).find(
          (snapshot) => snapshot.SnapshotName === SnapshotName && snapshot.SnapshotStatus === 'READY',
        ),
      );
    },
    restoredFrom: async (name) => {
      const { get } = await jobOf(name);
      const checkpoints = await get<{ latest?: { restored?: { external_path: string } | null } }>(
        '/checkpoints',
      );
      return checkpoints.latest?.restored?.external_path;
    },
  };
}
