import type { DynamoDBStreamEvent } from 'aws-lambda';
import { privateText } from '../contracts/private-text';
import { type PriceList, priceListOf } from './price-list';
import type { EstimatorSettings } from './settings';
import type { Shapes } from './shapes';
import { streamTable } from './stream-arn';
import type { TableSettings } from './table-settings';
import type { TableShape } from './table-shape';

/** All it takes to read the records of one stream. */
export interface StreamReading {
  readonly kind: 'reading';
  readonly settings: TableSettings;
  readonly prices: PriceList;
  /** Makes a private text unreadable. */
  readonly hide: (text: string) => string;
}

/** Why the records of a stream are set aside. */
export interface UnreadStream {
  readonly kind: 'unread';
  readonly reason: 'malformed' | 'unknown-table' | 'table-gone';
  readonly detail: string;
}

/** A stream whose table's usage comes from reporters. */
export interface ReportedElsewhere {
  readonly kind: 'reported-elsewhere';
}

export type Reading = StreamReading | UnreadStream | ReportedElsewhere;

/** How to read each stream of a batch, by its ARN. */
export type Readings = ReadonlyMap<string, Reading>;

/** A stream that cannot be counted whatever is done with it. Its batches fail until its event source is removed. */
export class RefusedStream extends Error {
  override readonly name = 'RefusedStream';
}

/** Throws a RefusedStream, and what reading a table's shape throws. */
export async function readingsFor(
  event: DynamoDBStreamEvent,
  settings: Pick<EstimatorSettings, 'tables' | 'salt'>,
  shapes: Shapes,
): Promise<Readings> {
  const readings = new Map<string, Reading>();
  for (const record of event.Records) {
    const arn = record?.eventSourceARN;
    if (typeof arn !== 'string' || readings.has(arn)) continue;
    // The first record that has a time decides for all, in every try of the batch.
    const second = secondOf(record.dynamodb?.ApproximateCreationDateTime);
    if (second !== undefined) readings.set(arn, await readingOf(arn, second, settings, shapes));
  }
  return readings;
}

/** The whole second of a stream record's time; undefined where it is none. */
export function secondOf(time: unknown): number | undefined {
  const second = Math.floor(Number(time));
  return Number.isSafeInteger(second) && second > 0 ? second : undefined;
}

async function readingOf(
  arn: string,
  second: number,
  { tables, salt }: Pick<EstimatorSettings, 'tables' | 'salt'>,
  shapes: Shapes,
): Promise<Reading> {
  const table = streamTable(arn);
  if (table === undefined) {
    return {
      kind: 'unread',
      reason: 'malformed',
      detail: `its eventSourceARN ${JSON.stringify(arn)} names no table`,
    };
  }
  const settings = tables.get(table);
  if (settings === undefined) {
    return {
      kind: 'unread',
      reason: 'unknown-table',
      detail: `no settings for the table ${table}: add it to SPILLWAY_TABLES`,
    };
  }
  if (settings.source === 'reporter') return { kind: 'reported-elsewhere' };
  const answer = await shapes.at(arn, table, second);
  switch (answer.kind) {
    case 'refused':
      throw new RefusedStream(answer.detail);
    case 'gone':
      return { kind: 'unread', reason: 'table-gone', detail: answer.detail };
    case 'shape':
      return {
        kind: 'reading',
        settings,
        prices: pricesOf(answer.shape),
        hide: (text) => privateText(salt, text),
      };
  }
}

const priceLists = new WeakMap<TableShape, PriceList>();

/** The price list of a shape, made once as long as the shape is known. */
function pricesOf(shape: TableShape): PriceList {
  let prices = priceLists.get(shape);
  if (prices === undefined) priceLists.set(shape, (prices = priceListOf(shape)));
  return prices;
}
