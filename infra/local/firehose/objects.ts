import { randomUUID } from 'node:crypto';
import { errorPrefix, hourOf, hourPrefix } from '../../../orchestrator/archive/layout';
import type { BufferedRecord } from './buffer';
import type { Unconvertible } from './convert';

/** `usage/day=…/hour=…/<stream>-1-2026-10-01-00-15-00-<random>.parquet`, by the arrival of the oldest record. */
export function objectKey(stream: string, oldestAtMs: number): string {
  return `${hourPrefix(hourOf(Math.floor(oldestAtMs / 1_000)))}${objectName(stream, oldestAtMs)}.parquet`;
}

/** `errors/format-conversion-failed/day=…/hour=…/<stream>-1-…` */
export function errorKey(stream: string, oldestAtMs: number): string {
  const { day, hour } = hourOf(Math.floor(oldestAtMs / 1_000));
  const folder = `${errorPrefix}format-conversion-failed/day=${day}/hour=${hour}/`;
  return folder + objectName(stream, oldestAtMs);
}

function objectName(stream: string, atMs: number): string {
  const time = new Date(atMs).toISOString().slice(0, 19).replace(/[T:]/g, '-');
  return `${stream}-1-${time}-${randomUUID()}`;
}

/** What Firehose writes of a record that it cannot convert (Developer Guide, "Handling errors for data format conversion"). */
export function errorDocument(record: BufferedRecord, fault: Unconvertible, nowMs: number): string {
  return JSON.stringify({
    attemptsMade: 1,
    arrivalTimestamp: record.arrivedAtMs,
    ErrorCode: fault.code,
    ErrorMessage: fault.message,
    attemptEndingTimestamp: nowMs,
    rawData: Buffer.from(record.text).toString('base64'),
    sequenceNumber: record.sequenceNumber,
    subSequenceNumber: null,
    dataCatalogTable: {
      catalogId: '000000000000',
      databaseName: 'spillway_local',
      tableName: 'usage',
      region: 'us-east-1',
      versionId: 'LATEST',
      catalogArn: null,
    },
  });
}
