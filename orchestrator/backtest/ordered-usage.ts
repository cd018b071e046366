import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { createInterface } from 'node:readline';
import type { UsageRecord } from '../../lambdas/contracts/usage-record';
import type { Span } from '../comparison/compare-excesses';
import type { ArchivedHour } from '../archive/layout';
import type { ArchivedRecord } from '../archive/usage-archive';
import { UserFault } from '../user-fault';
import type { LateEntries, LateEntry } from './late-entries';

/** What lies in the archive of a span, and what of it is heard. */
export interface OrderedUsage {
  readonly records: number;
  readonly entries: number;
  /** Records beyond the first of their name: they count once. */
  readonly again: number;
  /** Records of a second more than a minute after the hour in which they came: the live job cannot use them either. */
  readonly fromTheFuture: number;
  /** Entries that the live job set aside as late, in the order of their seconds. They are not heard. */
  readonly late: readonly LateEntry[];
}

/** Bounds of one backtest; a span with more must be cut. */
export const mostEntries = 20_000_000;

/**
 * Writes records, which must come in the order of their seconds and names, to a file as the Flink source reads them.
 * Throws a UserFault where there are none, or more than a backtest bears.
 *
 * @param span the part of them that is judged; what comes before it only warms up
 * @param heard after each some thousand records: how many, and up to which second
 */
export async function writeOrderedUsage(
  usage: AsyncIterable<readonly ArchivedRecord[]>,
  late: LateEntries,
  file: string,
  span: Span,
  heard: (records: number, second: number) => void,
): Promise<OrderedUsage> {
  const out = createWriteStream(file);
  const leftOut: LateEntry[] = [];
  let [records, entries, again, inSpan, fromTheFuture] = [0, 0, 0, 0, 0];
  const write = async (copies: readonly UsageRecord[]): Promise<void> => {
    again += copies.length - 1;
    for (const record of late.withoutLate(copies, leftOut)) {
      const { second } = record;
      if (!out.write(`${second} ${JSON.stringify(record)}\n`)) await once(out, 'drain');
    }
  };
  let copies: UsageRecord[] = [];
  for await (const { record, arrived } of flattened(usage)) {
    if (isFromTheFuture(record, arrived)) {
      fromTheFuture += 1;
      continue;
    }
    records += 1;
    entries += record.entries.length;
    if (record.second >= span.from) inSpan += 1;
    if (entries > mostEntries) {
      out.destroy();
      throw new UserFault(
        `the span has more than ${mostEntries.toLocaleString('en-US')} entries, which is what one backtest bears; ` +
          `they reach to ${new Date(record.second * 1_000).toISOString()}: take a shorter span, with --since and --until`,
      );
    }
    if (copies[0] !== undefined && !isSameName(copies[0], record)) {
      await write(copies);
      copies = [];
    }
    copies.push(record);
    if (records % 20_000 === 0) heard(records, record.second);
  }
  if (copies.length > 0) await write(copies);
  out.end();
  await finished(out);
  if (inSpan === 0) {
    const shown = [span.from, span.until]
      .map((second) => new Date(second * 1_000).toISOString())
      .join(' to ');
    throw new UserFault(
      `the archive holds no usage record from ${shown}: look which days it has, and give another --since or --until`,
    );
  }
  return { records, entries, again, fromTheFuture, late: leftOut };
}

async function* flattened(
  batches: AsyncIterable<readonly ArchivedRecord[]>,
): AsyncGenerator<ArchivedRecord, void, undefined> {
  for await (const batch of batches) yield* batch;
}

/** The hour of an object is that of its oldest record, and it is filled for up to another quarter of an hour. */
const objectReachesSeconds = 3_600 + 900;

function isFromTheFuture({ second }: UsageRecord, { day, hour }: ArchivedHour): boolean {
  return second > Date.parse(`${day}T${hour}:00:00Z`) / 1_000 + objectReachesSeconds + 60;
}

/** The records of such a file again, those that were delivered several times once, with the most units of each entry. */
export async function* readOrderedUsage(file: string): AsyncGenerator<UsageRecord, void, undefined> {
  let last: UsageRecord | undefined;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const record = JSON.parse(line.slice(line.indexOf(' ') + 1)) as UsageRecord;
    if (last === undefined) last = record;
    else if (isSameName(last, record)) last = merged(last, record);
    else {
      yield last;
      last = record;
    }
  }
  if (last !== undefined) yield last;
}

export function isSameName(one: UsageRecord, other: UsageRecord): boolean {
  return (
    one.second === other.second &&
    one.source === other.source &&
    one.batch === other.batch &&
    one.part === other.part
  );
}

function merged(one: UsageRecord, other: UsageRecord): UsageRecord {
  const entries = new Map(one.entries.map((entry) => [nameOf(entry), entry]));
  for (const entry of other.entries) {
    const before = entries.get(nameOf(entry));
    if (before === undefined || before.units < entry.units) entries.set(nameOf(entry), entry);
  }
  return { ...one, entries: [...entries.values()] };
}

function nameOf({ resource, key, subject }: UsageRecord['entries'][number]): string {
  return JSON.stringify([resource, key, subject]);
}
