import type { Context } from 'aws-lambda';
import { type OperatorAction, type OperatorAnswer, operatorRequest } from '../contracts/operator';
import { parseRecord } from '../contracts/parse';
import type { Environment } from '../delivery/environment';
import { functionLog, type Log } from '../delivery/log';
import { type EmitMetric, emitToOutput } from '../delivery/metrics';
import { noControl } from '../suspender/control';
import { controlTable } from '../suspender/control-table';
import { defaultPolicy, fixedLengthPolicy } from '../suspender/default-policy';
import { carryEvents } from '../suspender/event-outbox';
import { notificationQueue } from '../suspender/notification-queue';
import { redisClient } from '../suspender/redis';
import { readSettings } from '../suspender/settings';
import { storeKeys } from '../suspender/store-keys';
import { figureMetrics } from './figure-metrics';
import { type OperatorParts, perform } from './perform';
import { storeByHand } from './store-by-hand';
import { storeReading } from './store-reading';

/** The function that the command line asks, and how to let go of its connections where a process outlives it. */
export interface OperatorHandler {
  (
    event: unknown,
    context?: Pick<Context, 'awsRequestId'>,
  ): Promise<OperatorAnswer<OperatorAction['action']>>;
  close(): Promise<void>;
}

/** What was asked is no request of the contract. Its message is shown to whoever asked. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

/**
 * The only way of the command line to Redis. Whoever may invoke the function may do all of it; who that was is in the
 * log of decisions as the caller says it, with the invocation's id, by which CloudTrail names the caller for certain.
 *
 * Throws a SettingError when the environment is not usable.
 *
 * @param emitMetric takes the metrics
 */
export function createHandler(
  environment: Environment,
  log: Log = functionLog('operator'),
  emitMetric: EmitMetric = emitToOutput,
  clock: () => number = Date.now,
): OperatorHandler {
  const settings = readSettings(environment);
  const { store, suspensionSeconds } = settings;
  const keys = storeKeys(store);
  const redis = redisClient(settings.redis, 'spillway-operator');
  const control =
    settings.controlTable === undefined
      ? noControl()
      : controlTable(environment, settings.controlTable, store);
  const notifications = notificationQueue(environment, settings.notificationQueueUrl);
  const parts: OperatorParts = {
    reading: storeReading(redis, keys),
    byHand: storeByHand(redis, keys, control),
    control,
    unlessApplied: suspensionSeconds === undefined ? defaultPolicy : fixedLengthPolicy(suspensionSeconds),
    carry: () => carryEvents(redis, keys, control, notifications, log),
    meter: (news, present) => {
      for (const line of figureMetrics(store, news, present, clock())) emitMetric(line);
    },
  };
  const handle: (...given: Parameters<OperatorHandler>) => ReturnType<OperatorHandler> = async (
    event,
    context,
  ) => {
    const parsed = parseRecord(operatorRequest, JSON.stringify(event ?? null));
    if (!parsed.ok)
      throw new RequestError(`this is no request that the operator function knows: ${parsed.reason}`);
    const { who, ask } = parsed.value;
    const invocation = context?.awsRequestId ?? 'unknown';
    const answer = await perform(ask, { who, invocation }, clock(), parts);
    if ('changed' in answer) {
      log({
        level: 'info',
        event: `operator-${ask.action}`,
        message: `${who} asked for ${ask.action}${'subject' in ask && ask.subject !== undefined ? ` of ${ask.subject}` : ''}: ${answer.outcome}.`,
        who,
        invocation,
        outcome: answer.outcome,
      });
    }
    return answer;
  };
  return Object.assign(handle, {
    close: () => {
      redis.disconnect();
      control.close();
      notifications.close();
      return Promise.resolve();
    },
  });
}

let wired: OperatorHandler | undefined;

/** Lambda's entry. */
export function handler(event: unknown, context: Context): Promise<OperatorAnswer<OperatorAction['action']>> {
  wired ??= createHandler(process.env);
  return wired(event, context);
}
