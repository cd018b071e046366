import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { SetAside } from '../contracts/set-aside';
import type { UsageEntry } from '../contracts/usage-record';
import { type ChangeCost, estimate } from './estimate';
import type { Readings, StreamReading } from './readings';

/** The entries of one batch, one table and one second. */
export interface SecondOfUsage {
  readonly source: string;
  readonly batch: string;
  readonly second: number;
  /** Sequence numbers of the batch's first and last record; undefined where one has none. */
  readonly sequence: SequenceRange | undefined;
  /** Each (resource, key, subject) once, sorted by them. */
  readonly entries: readonly UsageEntry[];
}

export interface SequenceRange {
  readonly first: string;
  readonly last: string;
}

/** Changes of one table whose subject could not be found for one and the same reason. */
export interface WithoutSubject {
  readonly table: string;
  readonly template: string;
  readonly attribute: string;
  readonly problem: string;
  readonly changes: number;
  readonly firstEventId: string;
}

export interface BatchOfUsage {
  /** The batch's name in its usage records: the event id of its first record that has one. */
  readonly batch: string;
  readonly seconds: readonly SecondOfUsage[];
  readonly setAside: readonly SetAside[];
  readonly withoutSubject: readonly WithoutSubject[];
}

/** What is known of one table in a batch: its entries by second and name. */
interface TableUsage {
  readonly reading: StreamReading;
  readonly seconds: Map<number, Map<string, UsageEntry>>;
}

type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

/**
 * What a batch of stream records cost, added up per second and (resource, key, subject). The same batch, read by the
 * same readings, always gives the same result in the same order, so that a batch that is tried again counts once.
 */
export function usageOfBatch(event: DynamoDBStreamEvent, readings: Readings): BatchOfUsage {
  const tables = new Map<string, TableUsage>();
  const setAside: SetAside[] = [];
  const withoutSubject = new Map<string, Mutable<WithoutSubject>>();
  let batch = '';
  for (const record of event.Records) {
    const eventId: unknown = record?.eventID;
    if (batch === '' && typeof eventId === 'string') batch = eventId;
    const result = estimate(record, readings);
    switch (result.kind) {
      case 'free':
        break;
      case 'set-aside':
        setAside.push({
          version: 1,
          setAsideBy: 'estimator',
          reason: result.reason,
          detail: result.detail,
          record: JSON.stringify(record),
        });
        break;
      case 'cost': {
        const { cost, noSubject } = result;
        const reading = readings.get(record.eventSourceARN ?? '');
        if (reading?.kind !== 'reading') throw new Error('a change was priced without its table being known');
        let table = tables.get(cost.source);
        if (table === undefined) tables.set(cost.source, (table = { reading, seconds: new Map() }));
        addTo(table, cost);
        if (noSubject === undefined) break;
        const { attribute, problem } = noSubject;
        const name = JSON.stringify([cost.source, attribute, problem]);
        const counted = withoutSubject.get(name);
        if (counted) counted.changes++;
        else {
          withoutSubject.set(name, {
            table: cost.source,
            template: reading.settings.subject.text,
            attribute,
            problem,
            changes: 1,
            firstEventId: record.eventID ?? '',
          });
        }
        break;
      }
    }
  }
  const sequence = sequenceOf(event);
  const seconds = [...tables].flatMap(([source, { reading, seconds }]) =>
    [...seconds].map(([second, entries]) => ({
      source,
      batch,
      second,
      sequence,
      entries: hidden([...entries.values()], reading).sort(byName),
    })),
  );
  seconds.sort((one, other) => one.second - other.second || compare(one.source, other.source));
  return { batch, seconds, setAside, withoutSubject: [...withoutSubject.values()] };
}

function addTo({ seconds }: TableUsage, { second, subject, costs }: ChangeCost): void {
  let entries = seconds.get(second);
  if (entries === undefined) seconds.set(second, (entries = new Map()));
  for (const { resource, key, units } of costs) {
    // No resource holds a space and the key's length is said, so that two different triples never make one name.
    const name = `${resource} ${String(key.length)} ${key}${subject}`;
    const entry = entries.get(name);
    if (entry === undefined) {
      entries.set(name, { resource, key, subject, units, writes: 1 });
    } else {
      entry.units += units;
      entry.writes++;
    }
  }
}

/** Entries with their private texts hashed, where the table wants that: once per entry, not once per change. */
function hidden(entries: UsageEntry[], { settings, hide }: StreamReading): UsageEntry[] {
  const { keys, subjects } = settings.hashed;
  if (!keys && !subjects) return entries;
  return entries.map((entry) => ({
    ...entry,
    ...(keys ? { key: hide(entry.key) } : {}),
    ...(subjects && entry.subject !== '' ? { subject: hide(entry.subject) } : {}),
  }));
}

function sequenceOf({ Records: records }: DynamoDBStreamEvent): SequenceRange | undefined {
  const first: unknown = records[0]?.dynamodb?.SequenceNumber;
  const last: unknown = records.at(-1)?.dynamodb?.SequenceNumber;
  return isSequence(first) && isSequence(last) ? { first, last } : undefined;
}

function isSequence(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,40}$/.test(value);
}

function byName(one: UsageEntry, other: UsageEntry): number {
  return (
    compare(one.resource, other.resource) ||
    compare(one.key, other.key) ||
    compare(one.subject, other.subject)
  );
}

/** By code units, unlike localeCompare, whose order depends on the machine. */
function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
