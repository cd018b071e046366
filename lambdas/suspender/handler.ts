import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Environment } from '../delivery/environment';
import { type Log, logToConsole } from '../delivery/log';
import { decideMessages } from './decide-messages';
import { readSettings } from './settings';
import { redisSuspensionStore } from './store';

/** The function behind the request queue, and how to let go of its connection where a process outlives it. */
export interface SuspenderHandler {
  (event: SQSEvent): Promise<SQSBatchResponse>;
  close(): Promise<void>;
}

/** Wires the suspender once for an environment. Throws a SettingError when the environment is not usable. */
export function createHandler(environment: Environment, log: Log = logToConsole): SuspenderHandler {
  const settings = readSettings(environment);
  const store = redisSuspensionStore(settings.redisUrl, settings.store, settings);
  const handle = (event: SQSEvent): Promise<SQSBatchResponse> =>
    decideMessages(event.Records, store, settings, Date.now, log);
  return Object.assign(handle, { close: () => store.close() });
}

let wired: SuspenderHandler | undefined;

/** Lambda's entry. Its event source has ReportBatchItemFailures on. */
export function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  wired ??= createHandler(process.env);
  return wired(event);
}
