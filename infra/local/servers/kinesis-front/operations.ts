import type { IncomingHttpHeaders } from 'node:http';
import { account, KinesisFault, shardBusy } from './fault';
import { iteratorText, parseIterator } from './iterators';
import type { KinesisLimits } from './limits';
import { CallRate } from './rates';
import { dataBytes, nextIterator } from './records-answer';
import { RecentlyUsed } from './recently-used';
import {
  bytesOf,
  checkSizes,
  mergedResults,
  type PutResult,
  type RecordToPut,
  refusedRecord,
} from './records-to-put';
import { type OpenShard, openShards, shardOf } from './shard-map';
import { ShardRates } from './shard-rates';
import type { Answer, Upstream } from './upstream';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: readonly Buffer[];
  readonly release?: () => void;
}

interface OfStream {
  readonly StreamName?: string | null;
  readonly StreamARN?: string | null;
}

/** So many shards and streams are remembered; one that was not used for longer than all of these starts anew. */
const mostShards = 20_000;
const mostStreams = 5_000;

const mostShardPages = 20;

const reshaping = new Set(['CreateStream', 'DeleteStream', 'SplitShard', 'MergeShards', 'UpdateShardCount']);

/** What each operation may do, and what becomes of its request. */
export class Operations {
  private readonly shards = new RecentlyUsed(mostShards, () => new ShardRates(this.limits));
  private readonly shardLists: RecentlyUsed<CallRate>;
  private readonly calls: RecentlyUsed<CallRate>;
  private readonly shardMaps = new RecentlyUsed<{ open?: Promise<readonly OpenShard[]> }>(
    mostStreams,
    () => ({}),
  );

  constructor(
    private readonly upstream: Upstream,
    private readonly limits: KinesisLimits,
  ) {
    this.shardLists = new RecentlyUsed(mostStreams, () => new CallRate(limits.shardListsPerSecond));
    this.calls = new RecentlyUsed(100, (name) => new CallRate(limits.callsPerSecond[name] ?? Infinity));
  }

  /** Throws a KinesisFault for what the service would refuse. */
  async perform(operation: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Reply> {
    switch (operation) {
      case 'GetRecords':
        return this.getRecords(headers, parsed(body));
      case 'GetShardIterator':
        return this.getShardIterator(headers, parsed(body), body);
      case 'PutRecord':
        return this.putRecord(headers, parsed(body), body);
      case 'PutRecords':
        return this.putRecords(headers, parsed(body), body);
      case 'ListShards':
        return this.listShards(headers, parsed(body), body);
      default:
        return this.other(operation, headers, body);
    }
  }

  private async getRecords(
    headers: IncomingHttpHeaders,
    asked: { readonly ShardIterator?: string; readonly Limit?: number | null },
  ): Promise<Reply> {
    const from = parseIterator(asked.ShardIterator ?? '', Date.now(), this.limits.iteratorLifeMs);
    const { stream, shardId, inner } = from;
    const rates = this.ratesOf(stream, shardId);
    if (!rates.reads.take(performance.now())) throw shardBusy(stream, shardId);
    return rates.inTurn(async () => {
      if (!rates.allowance.mayRead(performance.now())) throw shardBusy(stream, shardId);
      const limit = asked.Limit ?? undefined;
      const body = Buffer.from(JSON.stringify({ ShardIterator: inner, ...(limit ? { Limit: limit } : {}) }));
      const answer = await this.upstream.send(headers, body);
      if (answer.status !== 200) return whole(answer);
      rates.allowance.read(dataBytes(answer.body), performance.now());
      const next = nextIterator(answer.body);
      if (next === undefined) return whole(answer);
      const iterator = iteratorText({ stream, shardId, issuedAtMs: Date.now(), inner: next.iterator });
      return { ...whole(answer), chunks: [next.before, Buffer.from(iterator), next.after] };
    });
  }

  private async getShardIterator(
    headers: IncomingHttpHeaders,
    asked: OfStream & { readonly ShardId?: string },
    body: Buffer,
  ): Promise<Reply> {
    const stream = streamOf(asked);
    const shardId = fullShardId(asked.ShardId ?? '');
    if (!this.ratesOf(stream, shardId).iterators.take(performance.now())) throw shardBusy(stream, shardId);
    const answer = await this.upstream.send(headers, body);
    if (answer.status !== 200) return whole(answer);
    const { ShardIterator: inner } = parsed<{ ShardIterator?: string }>(answer.body);
    if (inner === undefined) return whole(answer);
    const ShardIterator = iteratorText({ stream, shardId, issuedAtMs: Date.now(), inner });
    return { ...whole(answer), chunks: [Buffer.from(JSON.stringify({ ShardIterator }))] };
  }

  private async putRecord(
    headers: IncomingHttpHeaders,
    asked: OfStream & RecordToPut,
    body: Buffer,
  ): Promise<Reply> {
    checkSizes([asked], this.limits);
    const stream = streamOf(asked);
    const shardId = shardOf(
      await this.openShards(stream, headers),
      asked.PartitionKey ?? '',
      asked.ExplicitHashKey,
    );
    if (shardId !== undefined) {
      const fits = this.ratesOf(stream, shardId).takeRecord(bytesOf(asked), performance.now());
      if (!fits) throw shardBusy(stream, shardId);
    }
    const answer = await this.upstream.send(headers, body);
    if (answer.status === 200) {
      this.noteWhere(stream, [shardId], [parsed<PutResult>(answer.body)]);
    }
    return whole(answer);
  }

  private async putRecords(
    headers: IncomingHttpHeaders,
    asked: OfStream & { readonly Records?: readonly RecordToPut[] },
    body: Buffer,
  ): Promise<Reply> {
    const { Records: records = [] } = asked;
    checkSizes(records, this.limits);
    const stream = streamOf(asked);
    const open = await this.openShards(stream, headers);
    const nowMs = performance.now();
    const shardIds = records.map((record) =>
      shardOf(open, record.PartitionKey ?? '', record.ExplicitHashKey),
    );
    const refused = records.map((record, index) => {
      const shardId = shardIds[index];
      // A stream without shards is not there, or not yet: the server says so.
      if (shardId === undefined) return undefined;
      const fits = this.ratesOf(stream, shardId).takeRecord(bytesOf(record), nowMs);
      return fits ? undefined : refusedRecord(stream, shardId);
    });
    const taken = records.filter((_, index) => refused[index] === undefined);
    if (taken.length === 0) return jsonReply(mergedResults(refused, []));
    const all = taken.length === records.length;
    const answer = await this.upstream.send(
      headers,
      all ? body : Buffer.from(JSON.stringify({ ...asked, Records: taken })),
    );
    if (answer.status !== 200) return whole(answer);
    const { Records: results = [] } = parsed<{ Records?: readonly PutResult[] }>(answer.body);
    const sentTo = shardIds.filter((_, index) => refused[index] === undefined);
    this.noteWhere(stream, sentTo, results);
    return all ? whole(answer) : { ...jsonReply(mergedResults(refused, results)), release: answer.release };
  }

  private async listShards(
    headers: IncomingHttpHeaders,
    asked: OfStream & { readonly NextToken?: string },
    body: Buffer,
  ): Promise<Reply> {
    // A token carries the stream inside, where only the server can see it.
    const stream = asked.NextToken === undefined ? streamOf(asked) : '';
    if (!this.shardLists.get(stream).take(performance.now())) throw limitExceeded('ListShards');
    return whole(await this.upstream.send(headers, body));
  }

  private async other(operation: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Reply> {
    if (!this.calls.get(operation).take(performance.now())) throw limitExceeded(operation);
    const answer = await this.upstream.send(headers, body);
    if (reshaping.has(operation)) this.shardMaps.forget(streamOf(parsed(body)));
    return whole(answer);
  }

  private ratesOf(stream: string, shardId: string): ShardRates {
    return this.shards.get(`${stream}/${shardId}`);
  }

  /** The open shards as far as known: resharding goes on for a while after its call, so noteWhere looks again. */
  private async openShards(stream: string, headers: IncomingHttpHeaders): Promise<readonly OpenShard[]> {
    const known = this.shardMaps.get(stream);
    known.open ??= this.askForShards(stream, headers).then((open) => {
      if (open.length === 0) delete known.open;
      return open;
    });
    return known.open;
  }

  private async askForShards(stream: string, headers: IncomingHttpHeaders): Promise<readonly OpenShard[]> {
    const listing = { ...headers, 'x-amz-target': 'Kinesis_20131202.ListShards' };
    const shards: object[] = [];
    let asked: object = { StreamName: stream };
    for (let page = 0; page < mostShardPages; page++) {
      const answer = await this.upstream.send(listing, Buffer.from(JSON.stringify(asked)));
      answer.release();
      if (answer.status !== 200) return [];
      const { Shards = [], NextToken } = parsed<{ Shards?: object[]; NextToken?: string | null }>(
        answer.body,
      );
      shards.push(...Shards);
      if (!NextToken) break;
      asked = { NextToken };
    }
    return openShards(shards);
  }

  /** A record that went elsewhere than was thought tells that the shards have changed. */
  private noteWhere(
    stream: string,
    sentTo: readonly (string | undefined)[],
    results: readonly PutResult[],
  ): void {
    const moved = results.some(
      ({ ShardId }, index) => typeof ShardId === 'string' && ShardId !== sentTo[index],
    );
    if (moved) this.shardMaps.forget(stream);
  }
}

function whole({ status, headers, body, release }: Answer): Reply {
  return { status, headers, chunks: [body], release };
}

function jsonReply(value: object): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    chunks: [Buffer.from(JSON.stringify(value))],
  };
}

function limitExceeded(operation: string): KinesisFault {
  return new KinesisFault(
    'LimitExceededException',
    `Rate exceeded for ${operation} under account ${account}.`,
  );
}

function parsed<T extends object>(body: Buffer): T {
  try {
    const value = JSON.parse(body.toString()) as unknown;
    if (typeof value === 'object' && value !== null) return value as T;
  } catch {
    // Said below.
  }
  throw new KinesisFault('SerializationException', 'the request is not a JSON object');
}

function streamOf({ StreamName, StreamARN }: OfStream): string {
  return StreamName ?? StreamARN?.split('/').at(-1) ?? '';
}

/** A shard may be named by its number alone. */
function fullShardId(shardId: string): string {
  const number = /^(?:shardId-)?(\d+)$/.exec(shardId)?.[1];
  return number === undefined ? shardId : `shardId-${number.padStart(12, '0')}`;
}
