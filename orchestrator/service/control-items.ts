import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { name, wholeNumber } from '../../lambdas/contracts/fields';
import { parseRecord } from '../../lambdas/contracts/parse';
import { plan, rollout, settings, verdict } from '../plan/plan';
import { UserFault } from '../user-fault';
import type { HistoryEntry, Lock, RolloutRecord } from './control';

/** The attributes of one item. */
export type Item = Record<string, AttributeValue>;

const date = z.iso.datetime().transform((text) => new Date(text));

/** Dates travel as ISO texts. */
const rolloutRecord = z.strictObject({
  plan,
  startedAt: date,
  startedBy: name,
  direction: z.enum(['forward', 'back']),
  step: wholeNumber,
  reached: wholeNumber.optional(),
  facts: z.strictObject({
    finishedUntil: wholeNumber.optional(),
    cutover: wholeNumber.optional(),
    startAt: wholeNumber.optional(),
    snapshot: name.optional(),
    previousVersion: wholeNumber.optional(),
    switchedAt: wholeNumber.optional(),
    operations: z.record(z.string(), z.string()).optional(),
  }),
  failure: z.string().optional(),
});

/** Fields that a newer version wrote are left out: an older one still shows the history. */
const historyEntry = z.object({
  id: name,
  at: date,
  who: name,
  action: name,
  changes: z.array(z.string()),
  verdict,
  rollout,
  generation: wholeNumber,
  releaseHash: z.string().optional(),
  version: wholeNumber.optional(),
  settings: settings.optional(),
  outcome: z.enum(['done', 'taken back', 'failed']),
  reason: z.string().optional(),
  tookSeconds: z.number(),
});

/** Begins the sort keys of all lines of the history. */
export const HISTORY = 'history#';

/** Sorts by time; the plan's id keeps two of one millisecond apart. */
export function historySortKey({ at, id }: HistoryEntry): string {
  return `${HISTORY}${at.toISOString()}#${id}`;
}

/** A rollout that is under way, from the attribute `record`. Throws a UserFault where it is none. */
export function rolloutFromItem(item: Item, table: string): RolloutRecord {
  // What is absent is absent in the text as well, so the type's optional fields are never there as undefined.
  return fromRecord(rolloutRecord, item, table) as RolloutRecord;
}

/** A line of the history, from the attribute `record`. Throws a UserFault where it is none. */
export function historyFromItem(item: Item, table: string): HistoryEntry {
  const { releaseHash, version, settings: after, reason, ...entry } = fromRecord(historyEntry, item, table);
  return {
    ...entry,
    releaseHash,
    version,
    ...(after !== undefined && { settings: after }),
    ...(reason !== undefined && { reason }),
  };
}

function fromRecord<T>(schema: z.ZodType<T>, item: Item, table: string): T {
  const parsed = parseRecord(schema, item['record']?.S ?? '');
  if (parsed.ok) return parsed.value;
  throw unreadable(item, table, parsed.reason);
}

/** The fault of an item that does not say what it should. */
export function unreadable(item: Item, table: string, reason: string): UserFault {
  const { pk, sk } = item;
  return new UserFault(
    `the item pk "${pk?.S ?? ''}", sk "${sk?.S ?? ''}" of the table ${table} cannot be read: ${reason}. Another ` +
      'version of spillway wrote it, or somebody edited it: use that version, or put the item right, or delete it ' +
      'once you know that nothing it speaks of is still under way',
  );
}

/** The attributes of a lock besides its key; times are epoch milliseconds. */
export function lockAttributes({ token, holder, purpose, since, until }: Lock): Item {
  return {
    token: { S: token },
    holder: { S: holder },
    purpose: { S: purpose },
    since: { N: String(since.getTime()) },
    until: { N: String(until.getTime()) },
  };
}

/** A lock from its item. Throws a UserFault where the item is none. */
export function lockFromItem(item: Item, table: string): Lock {
  const { token, holder, purpose, since, until } = item;
  const times = [since?.N, until?.N].map(Number);
  const [sinceMs = NaN, untilMs = NaN] = times;
  if (token?.S === undefined || holder?.S === undefined || times.some(Number.isNaN)) {
    throw unreadable(item, table, 'a lock has the texts token and holder and the numbers since and until');
  }
  return {
    token: token.S,
    holder: holder.S,
    purpose: purpose?.S ?? '',
    since: new Date(sinceMs),
    until: new Date(untilMs),
  };
}
