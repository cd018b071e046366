import { z } from 'zod';
import type { Problem } from '../user-fault';
import { CASE_START } from './case-time';
import type { Phase, ScriptedRecord } from './golden-case';
import type { JsonLine } from './json-lines-file';

const seconds = z.number().min(-86_400).max(86_400);
const wholeSeconds = seconds.int();
const units = z.number().int().nonnegative();
const name = z.string().min(1);

/** Which shard a record lies on, when it came there, and when the reader gets it if the shard lags. */
const delivery = { shard: name.default('a'), at: seconds.optional(), readAt: seconds.optional() };
const entry = z.strictObject({
  resource: name.default('users'),
  key: name.default('S:k'),
  subject: z.string().default('app_1'),
  units,
  writes: units.default(1),
});

/** A usage record; one that holds one entry may say it without `entries`. */
const usage = z.strictObject({
  second: wholeSeconds,
  ...delivery,
  source: name.default('users'),
  batch: name.optional(),
  part: z.number().int().nonnegative().default(0),
  entries: z.array(entry).min(1).optional(),
  ...entry.partial().shape,
});
/** What is no usage record: its text as it lies on the shard. */
const other = z.strictObject({ ...delivery, at: seconds, text: z.string() });
/** The state is saved, and a job with this many tasks side by side begins from it. */
const restore = z.strictObject({
  restore: z.strictObject({ parallelism: z.number().int().min(1).max(8).optional() }),
});

/** What the lines of an input add up to. */
export interface CaseInput {
  readonly phases: readonly Phase[];
  readonly shards: readonly string[];
  /** A second before the first record comes. */
  readonly startMs: number;
}

/**
 * Reads the lines of `input.jsonl`, in the order in which the reader gets them. What is wrong is added to the problems,
 * under the name `file`.
 */
export function caseInput(
  lines: readonly JsonLine[],
  parallelism: number,
  file: string,
  problems: Problem[],
): CaseInput {
  const phases: { parallelism: number; records: ScriptedRecord[] }[] = [{ parallelism, records: [] }];
  const shards = new Set<string>();
  let clockMs = Number.NEGATIVE_INFINITY;
  for (const { line, value } of lines) {
    const say = (message: string): void => void problems.push({ code: 'case-input', file, line, message });
    const phase = phases.at(-1);
    const read = readLine(value, line);
    if (phase === undefined) continue;
    if (typeof read === 'string') say(read);
    else if ('restore' in read) {
      phases.push({ parallelism: read.restore.parallelism ?? phase.parallelism, records: [] });
    } else {
      if (read.readMs < read.arrivalMs) say('readAt is before at: a record is read after it came');
      if (read.readMs < clockMs) say('it is read before the line above: lines stand in the order of reading');
      clockMs = Math.max(clockMs, read.readMs);
      shards.add(read.shard);
      phase.records.push(read);
    }
  }
  const first = phases.flatMap(({ records }) => records)[0];
  if (first === undefined) {
    problems.push({ code: 'case-input', file, line: 0, message: 'it holds no record: add one line each' });
  }
  return { phases, shards: [...shards], startMs: (first?.arrivalMs ?? CASE_START * 1_000) - 1_000 };
}

type Read = ScriptedRecord | z.infer<typeof restore> | string;

/** A record, a step, or what is wrong with the line. */
function readLine(value: unknown, line: number): Read {
  const isObject = typeof value === 'object' && value !== null;
  if (isObject && 'restore' in value) return parsed(restore, value, (step) => step);
  if (isObject && 'text' in value) {
    return parsed(other, value, ({ text, ...rest }) => scripted(rest, rest.at, text));
  }
  return parsed(usage, value, (record) => usageRecord(record, line));
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, make: (read: T) => Read): Read {
  const result = schema.safeParse(value);
  if (result.success) return make(result.data);
  return result.error.issues
    .map(({ path, message }) => `${path.length === 0 ? 'the line' : path.map(String).join('.')}: ${message}`)
    .join('; ');
}

function usageRecord(record: z.infer<typeof usage>, line: number): Read {
  const { second, source, part } = record;
  if (record.entries !== undefined && record.units !== undefined)
    return 'entries: give them, or units, not both';
  const entries = record.entries ?? [
    entry.safeParse({
      resource: record.resource,
      key: record.key,
      subject: record.subject,
      units: record.units,
      writes: record.writes,
    }).data,
  ];
  if (entries.some((each) => each === undefined)) return 'units: how many write units? Give them, or entries';
  const batch = record.batch ?? `line-${line}`;
  const text = JSON.stringify({ version: 1, source, batch, part, second: CASE_START + second, entries });
  return scripted(record, record.at ?? second + 1, text);
}

function scripted(
  given: { shard: string; readAt?: number | undefined },
  at: number,
  text: string,
): ScriptedRecord {
  const ms = (second: number): number => CASE_START * 1_000 + Math.round(second * 1_000);
  return { shard: given.shard, arrivalMs: ms(at), readMs: ms(given.readAt ?? at), text };
}
