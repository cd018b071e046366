import type { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { grantSend, type QueueWithDeadLetters } from '../queues';
import { grantItems } from '../storage';
import type { SuspensionCache } from '../suspension-cache';
import type { SpillwayFunction } from './spillway-function';

/** Where suspensions lie, as the suspender and the operator function are told. */
export interface StoreProps {
  readonly cache: SuspensionCache;
  readonly store: string;
  readonly controlTable: Table;
  /** Undefined where nobody is told. */
  readonly notifications: QueueWithDeadLetters | undefined;
  readonly suspensionLength: Duration | undefined;
}

/** Sets what both functions read (lambdas/suspender/settings.ts). Their way to the cache is the network's business. */
export function setStore(fn: SpillwayFunction, props: StoreProps): void {
  const { cache, store, controlTable, notifications, suspensionLength } = props;
  fn.set('SPILLWAY_REDIS_URL', cache.url)
    .set('SPILLWAY_REDIS_CLUSTER', cache.isCluster ? 'yes' : 'no')
    .set('SPILLWAY_STORE', store)
    .set('SPILLWAY_CONTROL_TABLE', controlTable.tableName, (grantee) => {
      const keys = [`suspensions#${store}`, `decisions#${store}#*`];
      grantItems(controlTable, grantee, ['GetItem', 'PutItem', 'Query'], keys);
    });
  const { functionsLogin, ca } = cache;
  if (functionsLogin !== undefined) {
    // Put in at deployment: a function in a VPC would need one more endpoint to ask for it.
    fn.set('SPILLWAY_REDIS_USERNAME', functionsLogin.username).set(
      'SPILLWAY_REDIS_PASSWORD',
      functionsLogin.password.secretValue.unsafeUnwrap(),
    );
  }
  if (ca !== undefined) fn.set('SPILLWAY_REDIS_CA', ca);
  if (suspensionLength !== undefined) {
    fn.set('SPILLWAY_SUSPENSION_SECONDS', String(suspensionLength.toSeconds()));
  }
  if (notifications !== undefined) {
    const { queue } = notifications;
    fn.set('SPILLWAY_NOTIFICATION_QUEUE_URL', queue.queueUrl, (grantee) => grantSend(queue, grantee));
  }
}
