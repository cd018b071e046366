import type { ApplicationStore } from '../application-store';
import type { CodeInS3 } from '../code-in-s3';
import type { FlinkPage } from '../flink-page';
import type { Jobs } from '../jobs';
import type { Lifecycle } from '../lifecycle';
import type { OperationRunner } from '../operation-runner';
import type { Snapshots } from '../snapshots';

/** What the service's actions work on. */
export interface Context {
  store: ApplicationStore;
  lifecycle: Lifecycle;
  snapshots: Snapshots;
  runner: OperationRunner;
  jobs: Jobs;
  code: CodeInS3;
  page: FlinkPage;
  /** The endpoint's own address. */
  endpoint: string;
  /** How many applications there may be. */
  applicationLimit: number;
  region: string;
  account: string;
}
