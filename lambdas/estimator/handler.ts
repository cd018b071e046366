import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { Environment } from '../delivery/environment';
import { kinesisClient } from '../delivery/kinesis-client';
import { kinesisStream } from '../delivery/kinesis-stream';
import { functionLog, type Log } from '../delivery/log';
import { type EmitMetric, emitToOutput } from '../delivery/metrics';
import { setAsideStream } from '../delivery/set-aside-stream';
import { type BatchOfUsage, usageOfBatch } from './batch';
import { estimateMetrics } from './metrics';
import { pack } from './pack';
import { readingsFor } from './readings';
import { readSettings } from './settings';
import { createShapes } from './shapes';
import { tablesPort } from './tables-port';
import { usageStream } from './usage-stream';

/** The function behind a table's stream, and how to let go of its connections where a process outlives it. */
export interface EstimatorHandler {
  (event: DynamoDBStreamEvent): Promise<void>;
  close(): void;
}

/**
 * The function that turns a batch of a table's stream into usage. Records that cannot be read are set aside; when
 * Kinesis refuses, the whole batch fails, and its next try makes the same usage records, which count once. So its
 * event source must keep batches whole: neither bisect nor ReportBatchItemFailures. A batch also fails where the
 * table's description cannot be read, and always where the stream's view type shows too little.
 *
 * Throws a SettingError when the environment is not complete.
 *
 * @param emitMetric takes the metrics; by default there are none
 */
export function createHandler(
  environment: Environment,
  log: Log = functionLog('estimator'),
  emitMetric: EmitMetric = () => undefined,
): EstimatorHandler {
  const settings = readSettings(environment);
  const kinesis = kinesisClient(environment);
  const usage = usageStream(kinesisStream(kinesis, settings.usageStream));
  const aside = setAsideStream(kinesisStream(kinesis, settings.setAsideStream));
  const tables = tablesPort(environment, settings.controlTable);
  const shapes = createShapes(tables, Date.now, log);
  const handle = async (event: DynamoDBStreamEvent): Promise<void> => {
    const batch = usageOfBatch(event, await readingsFor(event, settings, shapes));
    await usage.put(pack(batch.seconds));
    await aside.put(batch.setAside);
    for (const line of estimateMetrics(batch.seconds)) emitMetric(line);
    report(batch, log);
  };
  return Object.assign(handle, {
    close: () => {
      kinesis.destroy();
      tables.close();
    },
  });
}

function report(batch: BatchOfUsage, log: Log): void {
  for (const without of batch.withoutSubject) {
    log({
      level: 'warn',
      event: 'no-subject',
      message:
        `${String(without.changes)} changes of the table ${without.table} count against their keys only: the ` +
        `attribute ${without.attribute} of the subject template ${without.template} is ${without.problem}`,
      traceId: batch.batch,
      ...without,
    });
  }
  const [first] = batch.setAside;
  if (first) {
    log({
      level: 'warn',
      event: 'set-aside',
      message: `${String(batch.setAside.length)} stream records were set aside; the first because ${first.detail}`,
      traceId: batch.batch,
      records: batch.setAside.length,
      reason: first.reason,
    });
  }
}

let ready: EstimatorHandler | undefined;

/** Lambda's entry. Settings are read at the first event, so that an error in them is that event's error. */
export async function handler(event: DynamoDBStreamEvent): Promise<void> {
  ready ??= createHandler(process.env, functionLog('estimator'), emitToOutput);
  await ready(event);
}
