/** Where reading of a shard begins: at an end of it, or after the record of a sequence number. */
export type Position = { readonly at: 'TRIM_HORIZON' | 'LATEST' } | { readonly after: string };

export interface Shard {
  readonly id: string;
  /** Shards whose records come before this one's. */
  readonly parents: readonly string[];
  readonly open: boolean;
}

/** A record read from a shard. */
export interface ReadRecord {
  readonly sequenceNumber: string;
  readonly arrivedAtMs: number;
  /** Records that share it stay in order however many batches are under way. */
  readonly orderKey: string;
  /** The record as it stands in the event, as JSON: written once, so that every try gets the same bytes. */
  readonly json: string;
}

export interface ReadResult {
  readonly records: readonly ReadRecord[];
  /** Absent at the end of a closed shard. */
  readonly nextIterator: string | undefined;
  /** Nothing more was there to be read at this moment. */
  readonly atTip: boolean;
}

/** What became of an iterator by an error of a read. */
export type IteratorLoss = 'expired' | 'trimmed' | 'shard-gone';

/** A service's stream: the one place for what differs between DynamoDB streams and Kinesis. */
export interface StreamPort {
  readonly streamArn: string;
  /** The field under which a failed batch's document names the shard. */
  readonly batchInfoField: 'DDBStreamBatchInfo' | 'KinesisBatchInfo';
  /** A shard bears no more reads than one in so many milliseconds, however much there is to read. */
  readonly leastReadIntervalMs: number;
  /** The fields of a record that event filters may name; all where it is undefined. */
  readonly filterFields: readonly string[] | undefined;
  /** What event filters look at; undefined for a record that they cannot look into, which is then dropped. */
  filterDocument(record: ReadRecord): unknown;
  listShards(signal: AbortSignal): Promise<readonly Shard[]>;
  openIterator(shardId: string, position: Position, signal: AbortSignal): Promise<string>;
  read(shardId: string, iterator: string, signal: AbortSignal): Promise<ReadResult>;
  /** Undefined for an error after which the same iterator may be used again. */
  iteratorLoss(error: unknown): IteratorLoss | undefined;
}
