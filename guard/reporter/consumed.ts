import { tableName } from './tables';

/** Part of an answer of DynamoDB. Transactions and statements tell reads and writes apart. */
export interface Capacity {
  readonly CapacityUnits?: number;
  readonly WriteCapacityUnits?: number;
}

export interface ConsumedCapacity extends Capacity {
  readonly TableName?: string;
  readonly Table?: Capacity;
  readonly LocalSecondaryIndexes?: Readonly<Record<string, Capacity>>;
  readonly GlobalSecondaryIndexes?: Readonly<Record<string, Capacity>>;
}

/** Write units that one answer says were consumed in one table. */
export interface Consumed {
  readonly table: string;
  /** What landed on the table's own partitions: its local secondary indexes share them. */
  readonly tableUnits: number;
  readonly indexUnits: ReadonlyMap<string, number>;
}

/** Reads an answer's consumed capacity, which is one or a list: one of each table, also where the list has more. */
export function consumedOf(
  answer: ConsumedCapacity | readonly ConsumedCapacity[] | undefined,
): readonly Consumed[] {
  if (answer === undefined) return [];
  if (!isList(answer)) return [ofTable(answer)];
  const byTable = new Map<string, Consumed>();
  for (const consumed of answer.map(ofTable)) {
    const before = byTable.get(consumed.table);
    byTable.set(consumed.table, before === undefined ? consumed : sum(before, consumed));
  }
  return [...byTable.values()];
}

function sum(one: Consumed, other: Consumed): Consumed {
  const indexUnits = new Map(one.indexUnits);
  for (const [index, more] of other.indexUnits) indexUnits.set(index, (indexUnits.get(index) ?? 0) + more);
  return { table: one.table, tableUnits: one.tableUnits + other.tableUnits, indexUnits };
}

function isList(
  answer: ConsumedCapacity | readonly ConsumedCapacity[],
): answer is readonly ConsumedCapacity[] {
  return Array.isArray(answer);
}

function ofTable(capacity: ConsumedCapacity): Consumed {
  let tableUnits = units(capacity.Table ?? capacity);
  for (const index of Object.values(capacity.LocalSecondaryIndexes ?? {})) tableUnits += units(index);
  const indexes = Object.entries(capacity.GlobalSecondaryIndexes ?? {});
  return {
    table: tableName(capacity.TableName ?? ''),
    tableUnits,
    indexUnits: new Map(indexes.map(([name, index]) => [name, units(index)])),
  };
}

/** Usage has whole units: a fraction, which no write has, would be rounded up. */
function units({ CapacityUnits = 0, WriteCapacityUnits }: Capacity): number {
  return Math.ceil(WriteCapacityUnits ?? CapacityUnits);
}

/**
 * What the caller sees of an answer that was asked for in more detail: nothing where it asked for nothing, the sums
 * where it asked for sums.
 */
export function hideDetail(output: { ConsumedCapacity?: unknown }, asked: string | undefined): void {
  if (asked === 'INDEXES') return;
  const { ConsumedCapacity: answer } = output;
  if (answer === undefined) return;
  if (asked !== 'TOTAL') delete output.ConsumedCapacity;
  else if (Array.isArray(answer)) output.ConsumedCapacity = answer.map(sumsOf);
  else output.ConsumedCapacity = sumsOf(answer as ConsumedCapacity);
}

function sumsOf(capacity: ConsumedCapacity): ConsumedCapacity {
  const { Table, LocalSecondaryIndexes, GlobalSecondaryIndexes, ...sums } = capacity;
  void [Table, LocalSecondaryIndexes, GlobalSecondaryIndexes];
  return sums;
}
