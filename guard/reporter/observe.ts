import { type ConsumedCapacity, consumedOf } from './consumed';
import { type Cost, costsOf } from './costs';
import { itemBytes, unitsOfBytes } from './item-bytes';
import { type Request, type WritesOf, writesOfBatch } from './requests';
import { type Attributes, keyOf, type Table, tableName, type Write } from './tables';

/** What DynamoDB answers a request that writes, as far as the reporter reads it. */
export interface Answer {
  readonly ConsumedCapacity?: ConsumedCapacity | readonly ConsumedCapacity[];
  readonly UnprocessedItems?: Request['RequestItems'];
  /** One for each statement of a batch, with an error where it wrote nothing. */
  readonly Responses?: readonly { readonly Error?: unknown }[];
}

/** What DynamoDB refuses a request with, as far as the reporter reads it. */
export interface Refusal {
  readonly name?: string;
  readonly Item?: Attributes;
  readonly ThrottlingReasons?: readonly { readonly reason?: string; readonly resource?: string }[];
  readonly CancellationReasons?: readonly { readonly Code?: string; readonly Item?: Attributes }[];
}

/** A try of a write that DynamoDB refused for its throughput. It took no write units. */
export interface Throttled {
  readonly resource: string;
  readonly reason: string;
  readonly write: Write;
}

type Tables = ReadonlyMap<string, Table>;

/** What an answer says was consumed, by resource, key and subject. */
export function costsOfAnswer(tables: Tables, writesOf: WritesOf, request: Request, answer: Answer): Cost[] {
  const succeeded = writesOf(request).filter((_, at) => answer.Responses?.[at]?.Error === undefined);
  const written = processed(present(succeeded), answer.UnprocessedItems);
  return consumedOf(answer.ConsumedCapacity).flatMap((consumed) => {
    const table = tables.get(consumed.table);
    const writes = written.filter((write) => write.table === consumed.table);
    return table === undefined || writes.length === 0 ? [] : costsOf(table, writes, consumed);
  });
}

/**
 * What failed conditions consumed. DynamoDB does not say it: it takes what the item that is there would take, and at
 * least one unit. The item is known where the request asked for it; else one unit is counted, which is too little for
 * items above 1 KB. Of a cancelled transaction only the writes whose own condition failed are counted, at one unit.
 */
export function costsOfRefusal(
  tables: Tables,
  writesOf: WritesOf,
  request: Request,
  refusal: Refusal,
): Cost[] {
  if (refusal.name === 'ConditionalCheckFailedException') {
    const units = refusal.Item === undefined ? 1 : unitsOfBytes(itemBytes(refusal.Item));
    return present(writesOf(request)).flatMap((write) => costOfTable(tables, write, units));
  }
  const reasons = refusal.CancellationReasons ?? [];
  return writesOf(request).flatMap((write, at) => {
    const failed = reasons[at]?.Code === 'ConditionalCheckFailed';
    return write !== undefined && failed ? costOfTable(tables, write, 1) : [];
  });
}

const namesOfThrottling: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
]);
const codesOfThrottling: ReadonlySet<string> = new Set(['ThrottlingError', 'ProvisionedThroughputExceeded']);

/** The writes of a try that was throttled, each with the resource that was too hot. */
export function throttledBy(
  tables: Tables,
  writesOf: WritesOf,
  request: Request,
  refusal: Refusal,
): Throttled[] {
  const writes = writesOf(request);
  const reasons = refusal.ThrottlingReasons ?? [];
  if (namesOfThrottling.has(refusal.name ?? '')) {
    const [write] = present(writes).filter(({ table }) => tables.has(table));
    if (write === undefined) return [];
    if (reasons.length === 0) return [{ resource: write.table, reason: refusal.name ?? '', write }];
    return reasons.map(({ reason = '', resource = '' }) => ({
      resource: resourceOf(resource),
      reason,
      write: present(writes).find(({ table }) => table === tableName(resource)) ?? write,
    }));
  }
  return writes.flatMap((write, at) => {
    const code = refusal.CancellationReasons?.[at]?.Code ?? '';
    if (write === undefined || !tables.has(write.table) || !codesOfThrottling.has(code)) return [];
    return [{ resource: write.table, reason: code, write }];
  });
}

/** `users` or `users/by_email`, from the ARN of a table or an index. */
function resourceOf(arn: string): string {
  const index = /\/index\/([^/]+)/.exec(arn)?.[1];
  return index === undefined ? tableName(arn) : `${tableName(arn)}/${index}`;
}

function costOfTable(tables: Tables, write: Write, units: number): Cost[] {
  const table = tables.get(write.table);
  if (table === undefined) return [];
  const key = keyOf(write.attributes, table.partitionKey);
  return [{ resource: table.name, key, subject: table.subjectOf(write), units, writes: 1 }];
}

function present(writes: readonly (Write | undefined)[]): Write[] {
  return writes.filter((write) => write !== undefined);
}

/** The writes of a batch without those that the answer gives back. */
function processed(writes: readonly Write[], unprocessed: Request['RequestItems']): readonly Write[] {
  const left = new Map<string, number>();
  for (const write of present(writesOfBatch(unprocessed))) {
    const name = nameOf(write);
    left.set(name, (left.get(name) ?? 0) + 1);
  }
  if (left.size === 0) return writes;
  return writes.filter((write) => {
    const name = nameOf(write);
    const count = left.get(name) ?? 0;
    if (count > 0) left.set(name, count - 1);
    return count === 0;
  });
}

/** What makes two writes of one batch the same: their simple attributes, the key among them. */
function nameOf({ table, kind, attributes }: Write): string {
  const simple = Object.entries(attributes)
    .map(([name, value]) => [name, simpleText(value)] as const)
    .filter(([, text]) => text !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([table, kind, simple]);
}

/** The document client has turned what an answer gives back into plain values already. */
function simpleText(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'object' || value === null) return undefined;
  const { S, N, B } = value as { S?: unknown; N?: unknown; B?: unknown };
  const inner = S ?? N ?? B;
  return inner === undefined ? undefined : simpleText(inner);
}
