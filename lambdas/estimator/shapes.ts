import type { Log } from '../delivery/log';
import type { Described } from './read-description';
import { firstHistory, leadSeconds, type ShapeHistory, shapeInForce, withShape } from './shape-history';
import { streamLabel } from './stream-arn';
import type { TableShape } from './table-shape';
import type { TablesPort } from './tables-port';

/** A table's shape for one batch, or why there is none. */
export type ShapeAnswer =
  | { readonly kind: 'shape'; readonly shape: TableShape }
  /** The table is gone and nobody knows what it looked like. */
  | { readonly kind: 'gone'; readonly detail: string }
  /** The stream can never be counted. */
  | { readonly kind: 'refused'; readonly detail: string };

/** Answers with the shape that every try of a batch is read by. */
export interface Shapes {
  /**
   * @param second of the batch's first record
   *
   * Throws where the history cannot be read for longer than it may be used: the batch is tried again.
   */
  at(streamArn: string, table: string, second: number): Promise<ShapeAnswer>;
}

/** How old what a function knows may get before it looks again. */
export const refreshSeconds = 60;

/** How old it may get where looking again fails. Less than leadSeconds by more than clocks differ. */
export const usableSeconds = leadSeconds - 30;

/** A function serves a few streams; tables that are made anew give each a new one. */
const mostStreams = 100;

interface Known {
  readonly history: ShapeHistory | undefined;
  readonly problem: Exclude<ShapeAnswer, { kind: 'shape' }> | undefined;
  /** When reading the history began. */
  readonly readAtMs: number;
}

/** Shapes as DynamoDB describes them, read when a stream is first seen and again when they are old. */
export function createShapes(port: TablesPort, clock: () => number, log: Log): Shapes {
  const known = new Map<string, Known>();
  const reading = new Map<string, Promise<Known>>();

  async function current(streamArn: string, table: string): Promise<Known> {
    const before = known.get(streamArn);
    if (before && clock() - before.readAtMs < refreshSeconds * 1000) return before;
    // Batches of several shards ask at the same time where they share a process.
    let under = reading.get(streamArn);
    if (under === undefined) {
      under = readAgain(streamArn, table, before).finally(() => reading.delete(streamArn));
      reading.set(streamArn, under);
    }
    return under;
  }

  async function readAgain(streamArn: string, table: string, before: Known | undefined): Promise<Known> {
    try {
      const now = await look(port, streamArn, table, clock, log);
      known.delete(streamArn);
      known.set(streamArn, now);
      const [oldest] = known.keys();
      if (known.size > mostStreams && oldest !== undefined) known.delete(oldest);
      return now;
    } catch (cause) {
      if (before === undefined || clock() - before.readAtMs >= usableSeconds * 1000) throw cause;
      log({
        level: 'warn',
        event: 'shape-not-read',
        message: `The description of ${table} could not be read again and is used as it was: ${reasonOf(cause)}`,
        table,
      });
      return before;
    }
  }

  return {
    async at(streamArn, table, second) {
      const { history, problem } = await current(streamArn, table);
      if (problem !== undefined) return problem;
      if (history === undefined) throw new Error(`nothing is known of the table ${table}`);
      return { kind: 'shape', shape: shapeInForce(history, second) };
    },
  };
}

/** Reads the history and the description, and adds to the one what is new in the other. */
async function look(
  port: TablesPort,
  streamArn: string,
  table: string,
  clock: () => number,
  log: Log,
): Promise<Known> {
  const readAtMs = clock();
  const history = await port.readHistory(streamArn);
  const described = await describedOr(port, table, history, log);
  if (described === 'unknown') return { history, problem: undefined, readAtMs };
  const label = streamLabel(streamArn);
  const isNewest = described?.stream?.label === label;
  if (isNewest && described.stream?.viewType !== 'NEW_AND_OLD_IMAGES') {
    return { history, problem: refused(table, described), readAtMs };
  }
  // A later stream of the same name may belong to another table, whose indexes are not this one's.
  if (described === undefined || (!isNewest && described.createdMs > Date.parse(`${label}Z`))) {
    return { history, problem: history ? undefined : gone(table, label), readAtMs };
  }
  reportTransit(table, described, log);
  if (history === undefined) {
    const first = firstHistory(described.shape);
    const mine = await port.writeHistory(streamArn, first);
    return { history: mine ? first : await port.readHistory(streamArn), problem: undefined, readAtMs };
  }
  const next = withShape(history, described.shape, Math.ceil(clock() / 1000));
  if (next === undefined) return { history, problem: undefined, readAtMs };
  const mine = await port.writeHistory(streamArn, next);
  if (mine) reportShape(table, next, log);
  return { history: mine ? next : await port.readHistory(streamArn), problem: undefined, readAtMs };
}

/** `unknown` where DynamoDB does not answer but the history does: a new index can wait, the batch cannot. */
async function describedOr(
  port: TablesPort,
  table: string,
  history: ShapeHistory | undefined,
  log: Log,
): Promise<Described | 'unknown' | undefined> {
  try {
    return await port.describe(table);
  } catch (cause) {
    if (history === undefined) throw cause;
    log({
      level: 'warn',
      event: 'table-not-described',
      message: `The table ${table} could not be described; what is known of it is used: ${reasonOf(cause)}`,
      table,
    });
    return 'unknown';
  }
}

function refused(table: string, { stream }: Described): Known['problem'] {
  return {
    kind: 'refused',
    detail:
      `the stream of the table ${table} has the view type ${stream?.viewType ?? ''}, which does not show what a ` +
      `change cost. Enable a new stream with NEW_AND_OLD_IMAGES and read that one.`,
  };
}

function gone(table: string, label: string): Known['problem'] {
  return {
    kind: 'gone',
    detail:
      `the table ${table} of the stream ${label} was deleted before its keys and indexes were read, so what its ` +
      `changes cost is not known`,
  };
}

function reportTransit(table: string, { inTransit }: Described, log: Log): void {
  for (const { index, state } of inTransit) {
    log({
      level: 'info',
      event: `index-${state}`,
      message:
        state === 'building'
          ? `The index ${index} of ${table} is being built; it is counted once it is backfilled.`
          : `The index ${index} of ${table} is being dropped and is no longer counted.`,
      table,
      index,
    });
  }
}

function reportShape(table: string, { versions }: ShapeHistory, log: Log): void {
  const newest = versions.at(-1);
  log({
    level: 'info',
    event: 'shape-changed',
    message: `The indexes of ${table} changed; batches are read by the new ones from the given second on.`,
    table,
    indexes: newest?.shape.indexes.map(({ name }) => name),
    fromSecond: newest?.fromSecond,
  });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
