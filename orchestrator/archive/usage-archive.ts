import type { z } from 'zod';
import type { UsageRecord } from '../../lambdas/contracts/usage-record';
import type { ArchivedHour } from './layout';

/** What one hour of arrival holds. */
export interface HourOfArchive extends ArchivedHour {
  readonly objects: number;
  readonly bytes: number;
}

/** Event time, epoch seconds. */
export interface Span {
  readonly fromSecond: number;
  /** Exclusive. */
  readonly untilSecond: number;
  /**
   * What arrived in a later hour is not read: a bound for what an engine scans. The hour that this second lies in is read.
   * @default whatever has arrived
   */
  readonly arrivedUntilSecond?: number;
}

/** A usage record and the hour of the object that it was found in. */
export interface ArchivedRecord {
  readonly record: UsageRecord;
  readonly arrived: ArchivedHour;
}

/** The objects that answers come from: the same text means the same objects with the same content. */
export interface ArchiveSnapshot {
  readonly objects: number;
  readonly bytes: number;
  /** Hexadecimal SHA-256 over names, sizes and ETags (in a folder: what the ETags of the files would be). */
  readonly hash: string;
}

/** Rows of a statement, and what reading them took. */
export interface Answer<T> {
  readonly rows: T[];
  /** What the service bills; undefined where nobody bills. */
  readonly bytesScanned: number | undefined;
}

/**
 * Usage as it was archived: with what was delivered twice, what came late and what was read again in other batches
 * (athena-sql/archive/ tells them apart). Every call throws a UserFault.
 */
export interface UsageArchive {
  /** Hours of arrival that hold something, the oldest first. */
  hours(): Promise<HourOfArchive[]>;
  snapshot(): Promise<ArchiveSnapshot>;
  /** In order of event time; records of one second in an order that is the same each time. */
  records(span: Span): AsyncGenerator<ArchivedRecord[], void, undefined>;
  /** Rows of a query over the table `usage`. */
  query<T>(sql: string, row: z.ZodType<T>): Promise<Answer<T>>;
  close(): void;
}

/**
 * An object's hour is the arrival of its oldest record (Firehose Developer Guide, custom prefixes), and it is filled for
 * up to 15 minutes: a record may lie in the hour before the one that it arrived in.
 */
export const objectSpanSeconds = 3_600;
