import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Cost } from './costs';
import { createReport, type OnReporterEvent } from './events';
import { costsOfAnswer, costsOfRefusal, throttledBy } from './observe';
import { Outbox, type UsageSink } from './outbox';
import { type DynamoDbClient, observeWrites } from './sdk-middleware';
import { readTables, type ReportedTable } from './tables';

export interface ReporterOptions {
  /** Where usage goes; see `kinesisSink`. */
  readonly sink: UsageSink;
  /** The tables whose writes are reported. Their streams must not be counted as well. */
  readonly tables: Readonly<Record<string, ReportedTable>>;
  /**
   * Asks DynamoDB for the item that made a condition fail, which tells what the failed write consumed. It makes the
   * answer of a failed write as large as the item. Without it a failed condition counts as one write unit.
   * @default true
   */
  readonly measureFailedConditions?: boolean;
  /** @default 1 */
  readonly flushSeconds?: number;
  /** The most (second, resource, key, subject) that wait for the stream. @default 10000, a few MB */
  readonly mostEntries?: number;
  /** Is told what happens to the reporter. By default events are printed as warnings. */
  readonly onEvent?: OnReporterEvent;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** What a reporter has done since it was made. */
export interface ReporterState {
  /** Names this reporter in usage records: no other process and no later one has the same. */
  readonly source: string;
  /** Write units that are in the stream, and in how many records. */
  readonly sent: { readonly units: number; readonly records: number };
  /** Entries that wait for the stream. */
  readonly waiting: number;
  /** What was not kept because too many entries waited. */
  readonly dropped: { readonly units: number; readonly writes: number };
  /** Write units whose key the request does not show, by resource; they are in no usage record. */
  readonly withoutKey: Readonly<Record<string, number>>;
  /** Tries that DynamoDB refused, by resource; they took no write units. */
  readonly throttled: Readonly<Record<string, number>>;
}

export interface Reporter {
  /**
   * Reports what this client writes from now on. A document client made from it is reported too, and no other. Throws
   * where the client has a reporter already: it would count twice.
   */
  attach(client: DynamoDbClient): void;
  state(): ReporterState;
  /** Sends what has been counted. Never rejects. */
  flush(): Promise<void>;
  /** Sends the last usage and ends. Never rejects. */
  stop(): Promise<void>;
}

/** A reporter for an API. Throws a RangeError for options that cannot be meant; after that, nothing of it throws. */
export function createReporter(options: ReporterOptions): Reporter {
  const now = options.now ?? Date.now;
  const flushSeconds = within('flushSeconds', options.flushSeconds ?? 1, 0.01, 60);
  const mostEntries = within('mostEntries', options.mostEntries ?? 10_000, 1, 1_000_000);
  const tables = readTables(options.tables);
  const report = createReport(options.onEvent, now);
  const source = `reporter:${hostname().slice(0, 64)}:${randomUUID()}`;
  const outbox = new Outbox(source, options.sink, mostEntries, report);
  const withoutKey = new Map<string, number>();
  const throttled = new Map<string, number>();
  const timer = setInterval(() => void outbox.flush(), flushSeconds * 1000);
  timer.unref();
  let stopped: Promise<void> | undefined;

  const add = (costs: readonly Cost[]): void => {
    const second = Math.floor(now() / 1000);
    for (const { resource, key, subject = '', units, writes } of costs) {
      if (key === undefined) {
        withoutKey.set(resource, (withoutKey.get(resource) ?? 0) + units);
        report('no-key', resource, () => withoutKeyText(resource));
        continue;
      }
      if (subject === '') {
        report(
          'no-subject',
          resource,
          () => `Writes to ${resource} do not show their subject: ${key} is one.`,
        );
      }
      outbox.add(second, { resource, key, subject, units, writes });
    }
  };
  /** A fault of the reporter's own, or of a subject function, must not become the request's. */
  const safely = (observe: () => void): void => {
    try {
      observe();
    } catch (cause) {
      report('failed', '', () => `A write is not reported: ${String(cause)}`);
    }
  };

  return {
    attach(client) {
      observeWrites(client, {
        name: 'spillwayReporter',
        asksForItems: options.measureFailedConditions ?? true,
        answered: (writesOf, request, answer) => {
          safely(() => add(costsOfAnswer(tables, writesOf, request, answer)));
        },
        refused: (writesOf, request, refusal) => {
          safely(() => {
            add(costsOfRefusal(tables, writesOf, request, refusal));
            for (const { resource, reason, write } of throttledBy(tables, writesOf, request, refusal)) {
              throttled.set(resource, (throttled.get(resource) ?? 0) + 1);
              const who =
                tables.get(write.table)?.subjectOf(write) ?? 'a subject that its request does not show';
              report(
                'throttled',
                resource,
                () => `DynamoDB refuses writes to ${resource} (${reason}) of ${who}.`,
              );
            }
          });
        },
      });
    },
    state: () => ({
      source,
      sent: outbox.sent,
      waiting: outbox.waiting,
      dropped: outbox.dropped,
      withoutKey: Object.fromEntries(withoutKey),
      throttled: Object.fromEntries(throttled),
    }),
    flush: () => outbox.finish(),
    stop() {
      clearInterval(timer);
      stopped ??= outbox.finish();
      return stopped;
    },
  };
}

function withoutKeyText(resource: string): string {
  return (
    `Requests to ${resource} do not show its key, so their units there are in no usage record: ` +
    `name the index's key in the reporter's tables, or count this table from its stream.`
  );
}

function within(option: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new RangeError(
    `the reporter's ${option} is ${String(value)}. Set it from ${String(least)} to ${String(most)}.`,
  );
}
