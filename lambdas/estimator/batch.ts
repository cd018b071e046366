import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { SetAside } from '../contracts/set-aside';
import type { UsageEntry } from '../contracts/usage-record';
import { type Cost, estimate } from './estimate';
import type { TableSettings } from './settings';

/** The entries of one batch, one table and one second. */
export interface SecondOfUsage {
  readonly source: string;
  readonly batch: string;
  readonly second: number;
  /** Each (resource, key, subject) once, sorted by them. */
  readonly entries: readonly UsageEntry[];
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
  readonly seconds: readonly SecondOfUsage[];
  readonly setAside: readonly SetAside[];
  readonly withoutSubject: readonly WithoutSubject[];
}

/** Entries by table, second and name. */
type EntriesBySource = Map<string, Map<number, Map<string, UsageEntry>>>;

type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

/**
 * What a batch of stream records cost, added up per second and (resource, key, subject). The same batch always
 * gives the same result, in the same order, so that a batch that is tried again counts once.
 */
export function usageOfBatch(
  event: DynamoDBStreamEvent,
  tables: ReadonlyMap<string, TableSettings>,
): BatchOfUsage {
  const bySource: EntriesBySource = new Map();
  const setAside: SetAside[] = [];
  const withoutSubject = new Map<string, Mutable<WithoutSubject>>();
  let batch = '';
  for (const record of event.Records) {
    if (batch === '' && record?.eventID) batch = record.eventID;
    const result = estimate(record, tables);
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
        addTo(bySource, cost);
        if (noSubject === undefined) break;
        const { attribute, problem } = noSubject;
        const name = JSON.stringify([cost.source, attribute, problem]);
        const counted = withoutSubject.get(name);
        if (counted) counted.changes++;
        else {
          withoutSubject.set(name, {
            table: cost.source,
            template: tables.get(cost.source)?.subject.text ?? '',
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
  const seconds = [...bySource].flatMap(([source, bySecond]) =>
    [...bySecond].map(([second, entries]) => ({
      source,
      batch,
      second,
      entries: [...entries.values()].sort(byName),
    })),
  );
  seconds.sort((one, other) => one.second - other.second || compare(one.source, other.source));
  return { seconds, setAside, withoutSubject: [...withoutSubject.values()] };
}

function addTo(bySource: EntriesBySource, cost: Cost): void {
  const { source, second, resource, key, subject, units } = cost;
  let bySecond = bySource.get(source);
  if (bySecond === undefined) bySource.set(source, (bySecond = new Map()));
  let entries = bySecond.get(second);
  if (entries === undefined) bySecond.set(second, (entries = new Map()));
  // No resource holds a space and the key's length is said, so that two different triples never make one name.
  const name = `${resource} ${String(key.length)} ${key}${subject}`;
  const entry = entries.get(name);
  if (entry === undefined) {
    entries.set(name, { resource, key, subject, units, writes: 1 });
    return;
  }
  entry.units += units;
  entry.writes++;
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
