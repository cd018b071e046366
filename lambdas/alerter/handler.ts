import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { SetAside } from '../contracts/set-aside';
import type { SuspensionRequest } from '../contracts/suspension-request';
import type { Environment } from '../delivery/environment';
import { kinesisClient } from '../delivery/kinesis-client';
import { kinesisStream } from '../delivery/kinesis-stream';
import { type Log, logToConsole } from '../delivery/log';
import { setAsideStream } from '../delivery/set-aside-stream';
import { readExcess } from './read-excess';
import { requestQueue } from './request-queue';
import { readSettings } from './settings';

/** The function behind the excess stream, and how to let go of its connections where a process outlives it. */
export interface AlerterHandler {
  (event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse>;
  close(): void;
}

/**
 * The function that turns excesses into suspension requests. Its event source must have ReportBatchItemFailures:
 * the answer names the first record that could not be handed on, and the batch is tried again from there. A
 * request that is sent twice has the same id, which the suspender decides once.
 *
 * Throws a SettingError when the environment is not complete.
 */
export function createHandler(environment: Environment, log: Log = logToConsole): AlerterHandler {
  const settings = readSettings(environment);
  const queue = requestQueue(environment, settings.requestQueueUrl);
  const kinesis = kinesisClient(environment);
  const aside = setAsideStream(kinesisStream(kinesis, settings.setAsideStream));
  const handle = async (event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const positions = new Map<SuspensionRequest, number>();
    const setAsides: SetAside[] = [];
    event.Records.forEach(({ kinesis }, position) => {
      const read = readExcess(kinesis.data, kinesis.sequenceNumber);
      if (read.kind === 'request') positions.set(read.request, position);
      else setAsides.push(read.setAside);
    });

    let failedFrom = Infinity;
    for (const { request, reason, forGood } of await queue.send([...positions.keys()])) {
      if (forGood) {
        const detail = `the queue does not take the request ${request.id}: ${reason}`;
        const record = JSON.stringify(request);
        setAsides.push({ version: 1, setAsideBy: 'alerter', reason: 'refused-by-queue', detail, record });
      } else {
        log({
          level: 'error',
          event: 'request-not-sent',
          message: `The request ${request.id} could not be sent and will be tried again: ${reason}`,
          id: request.id,
        });
        failedFrom = Math.min(failedFrom, positions.get(request) ?? 0);
      }
    }

    await aside.put(setAsides);
    for (const { reason, detail } of setAsides) {
      log({ level: 'warn', event: 'set-aside', message: `An excess was set aside: ${detail}`, reason });
    }
    const failed = event.Records[failedFrom];
    return { batchItemFailures: failed ? [{ itemIdentifier: failed.kinesis.sequenceNumber }] : [] };
  };
  return Object.assign(handle, {
    close: () => {
      queue.close();
      kinesis.destroy();
    },
  });
}

let ready: AlerterHandler | undefined;

/** Lambda's entry. Settings are read at the first event, so that an error in them is that event's error. */
export async function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  ready ??= createHandler(process.env);
  return ready(event);
}
