import type { ApplicationStore } from '../application-store';
import type { CodeInS3 } from '../code-in-s3';
import type { Lifecycle } from '../lifecycle';

/** What the service's actions work on. */
export interface Context {
  store: ApplicationStore;
  lifecycle: Lifecycle;
  code: CodeInS3;
  /** Where Flink's REST API and page are. */
  flinkRestUrl: string;
  region: string;
  account: string;
}
