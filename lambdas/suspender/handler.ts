import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Environment } from '../delivery/environment';
import { functionLog, type Log } from '../delivery/log';
import { type EmitMetric, emitToOutput } from '../delivery/metrics';
import { noControl } from './control';
import { controlTable } from './control-table';
import { decideMessages } from './decide-messages';
import { defaultPolicy, fixedLengthPolicy } from './default-policy';
import { carryEvents } from './event-outbox';
import { notificationQueue } from './notification-queue';
import { policySource } from './policy-source';
import { redisClient } from './redis';
import { readSettings } from './settings';
import { suspensionStore } from './store';
import { storeKeys } from './store-keys';
import { type Decided, suspensionMetrics } from './suspension-metrics';

/** The function behind the request queue, and how to let go of its connection where a process outlives it. */
export interface SuspenderHandler {
  (event: SQSEvent): Promise<SQSBatchResponse>;
  close(): Promise<void>;
}

/**
 * Wires the suspender once for an environment. Throws a SettingError when the environment is not usable.
 *
 * @param emitMetric takes the metrics
 */
export function createHandler(
  environment: Environment,
  log: Log = functionLog('suspender'),
  emitMetric: EmitMetric = emitToOutput,
): SuspenderHandler {
  const settings = readSettings(environment);
  const { store, suspensionSeconds } = settings;
  const keys = storeKeys(store);
  const control =
    settings.controlTable === undefined
      ? noControl()
      : controlTable(environment, settings.controlTable, store);
  const policyNow = policySource(
    control,
    suspensionSeconds === undefined ? defaultPolicy : fixedLengthPolicy(suspensionSeconds),
    log,
  );
  const redis = redisClient(settings.redis, 'spillway-suspender');
  const suspensions = suspensionStore(redis, store, policyNow, control);
  const notifications = notificationQueue(environment, settings.notificationQueueUrl);
  const handle = async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const decided: Decided[] = [];
    const counting: typeof suspensions = {
      ...suspensions,
      async suspend(request, atMs) {
        const decision = await suspensions.suspend(request, atMs);
        decided.push({ request, decision, atMs });
        return decision;
      },
    };
    const answer = await decideMessages(event.Records, counting, policyNow, Date.now, log);
    const messages = event.Records.length;
    const failed = answer.batchItemFailures.length;
    for (const line of suspensionMetrics(store, { messages, decided, failed }, Date.now())) emitMetric(line);
    if (failed === messages) return answer;
    try {
      await carryEvents(redis, keys, control, notifications, log);
    } catch (cause) {
      // The decisions stand, and the operator function's next sweep carries what lies there.
      log({
        level: 'error',
        event: 'decisions-not-written',
        message: `Decisions could not be written down or told yet (${String(cause)}). They are kept in Redis until then.`,
      });
    }
    return answer;
  };
  return Object.assign(handle, {
    close: async () => {
      await suspensions.close();
      control.close();
      notifications.close();
    },
  });
}

let wired: SuspenderHandler | undefined;

/** Lambda's entry. Its event source has ReportBatchItemFailures on. */
export function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  wired ??= createHandler(process.env);
  return wired(event);
}
