import type { KinesisStreamEvent } from 'aws-lambda';
import { parseRecord } from '../contracts/parse';
import { setAside } from '../contracts/set-aside';
import type { Environment } from '../delivery/environment';
import { functionLog, type Log } from '../delivery/log';
import { type EmitMetric, emitToOutput, metricLine } from '../delivery/metrics';
import { readSettings } from './settings';

/** The function behind the set-aside stream. */
export type SetAsideHandler = (event: KinesisStreamEvent) => Promise<void>;

/** Records of one batch that were set aside by one part for one reason. */
interface Group {
  readonly setAsideBy: string;
  readonly reason: string;
  /** Of the first of them. */
  readonly detail: string;
  records: number;
}

/**
 * The function that counts what was set aside, whoever did it, and says each reason once a batch. It is the only place
 * that can: what Flink sets aside from SQL is in no metric of its own. The records stay where they are. It does
 * not fail for a record, so its event source never stands still.
 *
 * Throws a SettingError when the environment is not complete.
 */
export function createHandler(
  environment: Environment,
  log: Log = functionLog('set-aside'),
  emitMetric: EmitMetric = emitToOutput,
  clock: () => number = Date.now,
): SetAsideHandler {
  const { setAsideStream } = readSettings(environment);
  return (event) => {
    const groups = grouped(event);
    let late = 0;
    let others = 0;
    for (const { setAsideBy, reason, detail, records } of groups) {
      if (reason === 'late') late += records;
      else others += records;
      const message = `${String(records)} records were set aside by ${setAsideBy} (${reason}); the first: ${detail}`;
      log({ level: 'warn', event: 'set-aside', message, setAsideBy, reason, records });
    }
    const counts = { RecordsSetAside: others, LateEntries: late };
    if (groups.length > 0) emitMetric(metricLine({ StreamName: setAsideStream }, counts, clock()));
    return Promise.resolve();
  };
}

function grouped({ Records }: KinesisStreamEvent): Group[] {
  const groups = new Map<string, Group>();
  for (const { kinesis } of Records) {
    const parsed = parseRecord(setAside, Buffer.from(kinesis.data, 'base64').toString());
    const { setAsideBy, reason, detail } = parsed.ok
      ? parsed.value
      : { setAsideBy: 'unknown', reason: 'unreadable', detail: parsed.reason };
    const known = groups.get(`${setAsideBy} ${reason}`);
    if (known === undefined)
      groups.set(`${setAsideBy} ${reason}`, { setAsideBy, reason, detail, records: 1 });
    else known.records++;
  }
  return [...groups.values()];
}

let ready: SetAsideHandler | undefined;

/** Lambda's entry. Settings are read at the first event, so that an error in them is that event's error. */
export async function handler(event: KinesisStreamEvent): Promise<void> {
  ready ??= createHandler(process.env);
  await ready(event);
}
