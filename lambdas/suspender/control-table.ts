import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { epochMs, name, wholeNumber } from '../contracts/fields';
import { parseRecord } from '../contracts/parse';
import { policy } from '../contracts/policy';
import { suspension } from '../contracts/suspension';
import { askedBy, episodeState, type SuspensionEvent, suspensionEvent } from '../contracts/suspension-event';
import { clientSettings, type Environment } from '../delivery/environment';
import type { EventQuery, SuspensionControl } from './control';

const exemption = z.strictObject({ subject: name, until: epochMs, since: epochMs, by: askedBy });
const appliedPolicy = z.strictObject({ policy, at: epochMs, by: askedBy });
const rememberedSubject = z.strictObject({
  subject: name,
  episode: episodeState,
  seq: wholeNumber,
  suspension: suspension.optional(),
});
const breakerState = z.strictObject({ openedAt: epochMs, suspensionsPerMinute: z.number() });

const dayMs = 24 * 3600 * 1000;
/** How long decisions and what subjects did are kept: longer than any question of the policy reaches back. */
const keptSeconds = 90 * 24 * 3600;
/** After its end an exemption is kept until nothing from before can come any more. */
const afterExemptionSeconds = 2 * 24 * 3600;

type Key = { pk: AttributeValue; sk: AttributeValue };

/**
 * The part of the control table that is about the suspensions of one store. Each item has its content as JSON in `json`,
 * and `expiresAt`, the table's TTL attribute, in epoch seconds where it does not stay.
 */
export function controlTable(environment: Environment, table: string, store: string): SuspensionControl {
  const client = new DynamoDBClient(clientSettings(environment, 'DYNAMODB'));
  const suspensions = `suspensions#${store}`;
  const decisionsOf = (atMs: number): string =>
    `decisions#${store}#${new Date(atMs).toISOString().slice(0, 10)}`;
  const keyOf = (pk: string, sk: string): Key => ({ pk: { S: pk }, sk: { S: sk } });

  async function read<T>(sk: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: keyOf(suspensions, sk), ConsistentRead: true }),
    );
    return Item && contentOf(Item, schema, table);
  }

  async function put(key: Key, content: object, expiresAtMs?: number): Promise<void> {
    const Item = { ...key, json: { S: JSON.stringify(content) }, ...expiry(expiresAtMs) };
    await client.send(new PutItemCommand({ TableName: table, Item }));
  }

  /** Writes what an event says of something, unless what is there is of a later event. */
  async function putIfNewer(sk: string, content: object, seq: number, expiresAtMs?: number): Promise<void> {
    const Item = {
      ...keyOf(suspensions, sk),
      json: { S: JSON.stringify(content) },
      seq: { N: String(seq) },
      ...expiry(expiresAtMs),
    };
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item,
          ConditionExpression: 'attribute_not_exists(pk) OR seq < :seq',
          ExpressionAttributeValues: { ':seq': { N: String(seq) } },
        }),
      );
    } catch (cause) {
      if (!(cause instanceof ConditionalCheckFailedException)) throw cause;
    }
  }

  async function* pagesOf<T>(prefix: string, schema: z.ZodType<T>): AsyncIterable<T[]> {
    const pages = paginateQuery(
      { client },
      {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': { S: suspensions }, ':prefix': { S: prefix } },
      },
    );
    for await (const { Items = [] } of pages) yield Items.map((item) => contentOf(item, schema, table));
  }

  async function eventsOfDay(pk: string, query: EventQuery, limit: number): Promise<SuspensionEvent[]> {
    const events: SuspensionEvent[] = [];
    const from = Math.max(query.since * 1000, (query.afterSeq ?? -1) + 1);
    const pages = paginateQuery(
      { client },
      {
        TableName: table,
        ConsistentRead: true,
        ScanIndexForward: query.newestFirst !== true,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':pk': { S: pk },
          ':from': { S: seqText(from) },
          ':to': { S: seqText((query.until + 1) * 1000) },
          ...(query.subject === undefined ? {} : { ':subject': { S: query.subject } }),
        },
        ...(query.subject === undefined
          ? {}
          : { FilterExpression: '#subject = :subject', ExpressionAttributeNames: { '#subject': 'subject' } }),
      },
    );
    for await (const { Items = [] } of pages) {
      const read = Items.map((item) => contentOf(item, suspensionEvent, table));
      events.push(...read.filter(({ kind }) => (query.kind ?? kind) === kind));
      if (events.length >= limit) break;
    }
    return events.slice(0, limit);
  }

  return {
    readPolicy: () => read('policy', appliedPolicy),
    writePolicy: (applied) => put(keyOf(suspensions, 'policy'), applied),
    async exemptions() {
      const all = [];
      for await (const page of pagesOf('exemption#', exemption)) all.push(...page);
      return all;
    },
    writeExemption: (one) =>
      put(keyOf(suspensions, `exemption#${one.subject}`), one, one.until + afterExemptionSeconds * 1000),
    async writeEvents(events) {
      for (const event of events) {
        const { subject, at, seq, kind, episode } = event;
        const expiresAtMs = at + keptSeconds * 1000;
        // The log comes last: an event that is in it has been written whole.
        if (subject !== undefined && episode !== undefined && event.simulated !== true) {
          const inForce = kind === 'lifted' ? undefined : event.suspension;
          const content = {
            subject,
            episode,
            seq,
            ...(inForce === undefined ? {} : { suspension: inForce }),
          };
          await putIfNewer(`subject#${subject}`, content, seq, Math.max(expiresAtMs, inForce?.until ?? 0));
        }
        if (kind === 'breaker-opened')
          await putIfNewer(
            'breaker',
            { openedAt: at, suspensionsPerMinute: event.suspensionsPerMinute ?? 0 },
            seq,
          );
        if (kind === 'breaker-reset')
          await putIfNewer('breaker', { openedAt: 0, suspensionsPerMinute: 0 }, seq);
        const Item = {
          ...keyOf(decisionsOf(seq / 1000), seqText(seq)),
          json: { S: JSON.stringify(event) },
          ...(subject === undefined ? {} : { subject: { S: subject } }),
          ...expiry(expiresAtMs),
        };
        await client.send(new PutItemCommand({ TableName: table, Item }));
      }
    },
    async events(query) {
      const days: number[] = [];
      // What is older has expired, and each day is a query.
      const since = Math.max(query.since, query.until - keptSeconds * 1000);
      for (let day = Math.floor(since / dayMs); day <= Math.floor(query.until / dayMs); day++) days.push(day);
      if (query.newestFirst === true) days.reverse();
      const events: SuspensionEvent[] = [];
      for (const day of days) {
        if (events.length >= query.limit) break;
        events.push(...(await eventsOfDay(decisionsOf(day * dayMs), query, query.limit - events.length)));
      }
      return events;
    },
    subjects: () => pagesOf('subject#', rememberedSubject),
    async breaker() {
      const state = await read('breaker', breakerState);
      return state === undefined || state.openedAt === 0 ? undefined : state;
    },
    close: () => {
      client.destroy();
    },
  };
}

function contentOf<T>(item: Record<string, AttributeValue>, schema: z.ZodType<T>, table: string): T {
  const parsed = parseRecord(schema, item['json']?.S ?? '');
  if (parsed.ok) return parsed.value;
  const [pk, sk] = [item['pk']?.S ?? '', item['sk']?.S ?? ''];
  throw new Error(
    `the item ${pk} / ${sk} of the table ${table} cannot be read: ${parsed.reason}. Was it edited by hand?`,
  );
}

function expiry(expiresAtMs: number | undefined): { expiresAt?: AttributeValue } {
  return expiresAtMs === undefined ? {} : { expiresAt: { N: String(Math.ceil(expiresAtMs / 1000)) } };
}

/** As text that sorts as the number does. */
function seqText(seq: number): string {
  return String(Math.max(0, Math.floor(seq))).padStart(16, '0');
}
