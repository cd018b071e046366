import { randomUUID } from 'node:crypto';
import type { Policy } from '../../../lambdas/contracts/policy';
import {
  type OperatorAction,
  type OperatorAnswer,
  operatorAnswers,
} from '../../../lambdas/contracts/operator';
import type { Environment } from '../../../lambdas/delivery/environment';
import { createHandler, type OperatorHandler } from '../../../lambdas/operator/handler';
import type { SuspensionControl } from '../../../lambdas/suspender/control';
import { controlTable } from '../../../lambdas/suspender/control-table';
import { defaultPolicy } from '../../../lambdas/suspender/default-policy';
import { policySource } from '../../../lambdas/suspender/policy-source';
import { redisClient, type RedisClient } from '../../../lambdas/suspender/redis';
import { type Decision, suspensionStore } from '../../../lambdas/suspender/store';
import { type StoreKeys, storeKeys } from '../../../lambdas/suspender/store-keys';
import type { RedisProcess } from '../../guard/redis-process';
import { warmSystem } from '../../parts/warm-system';
import { aRequest } from './requests';

/** A store of a test's own with the suspender's decisions and the operator function, on one clock that stands still. */
export interface Setting {
  readonly name: string;
  readonly keys: StoreKeys;
  readonly redis: RedisClient;
  readonly control: SuspensionControl;
  readonly environment: Environment;
  /** Lines in CloudWatch's embedded metric format. */
  readonly metrics: string[];
  nowMs: number;
  pass(seconds: number): void;
  /** Decides an excess whose window of two minutes ends now, unless told otherwise. */
  excess(differing?: Parameters<typeof aRequest>[0]): Promise<Decision>;
  /** Asks the operator function; what it answers is held to the contract. */
  ask<Action extends OperatorAction['action']>(
    action: Action,
    asked?: object,
  ): Promise<OperatorAnswer<Action>>;
  end(): Promise<void>;
}

const changing: readonly string[] = ['add', 'lift', 'exempt', 'unexempt', 'reset-breaker', 'apply-policy'];

export async function startSetting(
  redisProcess: RedisProcess,
  table: string,
  policy: Policy = defaultPolicy,
  more: Environment = {},
): Promise<Setting> {
  const name = randomUUID();
  const environment = {
    ...warmSystem().environment,
    SPILLWAY_REDIS_URL: redisProcess.url,
    SPILLWAY_STORE: name,
    SPILLWAY_CONTROL_TABLE: table,
    ...more,
  };
  const redis = redisClient({ url: redisProcess.url }, 'test');
  const control = controlTable(environment, table, name);
  const metrics: string[] = [];
  const quiet = (): void => undefined;
  const operator: OperatorHandler = createHandler(
    environment,
    quiet,
    (line) => metrics.push(line),
    () => setting.nowMs,
  );
  const store = suspensionStore(redis, name, policySource(control, policy, quiet), control);
  const setting: Setting = {
    name,
    keys: storeKeys(name),
    redis,
    control,
    environment,
    metrics,
    nowMs: 1_700_000_000_000,
    pass: (seconds) => {
      setting.nowMs += seconds * 1000;
    },
    excess: (differing = {}) =>
      store.suspend(aRequest({ windowEnd: setting.nowMs / 1000, ...differing }), setting.nowMs),
    async ask(action, asked = {}) {
      const byHand = changing.includes(action) ? { id: randomUUID(), reason: 'a test' } : {};
      const event = { version: 1, who: 'local:test', ask: { action, ...byHand, ...asked } };
      const answer = await operator(event, { awsRequestId: 'invocation-1' });
      return operatorAnswers[action].parse(answer) as OperatorAnswer<typeof action>;
    },
    async end() {
      await operator.close();
      await store.close();
      control.close();
    },
  };
  return Promise.resolve(setting);
}
