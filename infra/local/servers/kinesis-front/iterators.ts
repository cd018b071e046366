import { KinesisFault } from './fault';

export interface ShardIterator {
  readonly stream: string;
  readonly shardId: string;
  readonly issuedAtMs: number;
  /** The server's own. */
  readonly inner: string;
}

const separator = '.';

/** The server's iterators are opaque: the front's own say beside them which shard they read and how old they are. */
export function iteratorText({ stream, shardId, issuedAtMs, inner }: ShardIterator): string {
  return [issuedAtMs.toString(36), shardId, stream, inner].join(separator);
}

/** Throws InvalidArgumentException for what the front never gave, ExpiredIteratorException for what it gave too long ago. */
export function parseIterator(text: string, nowMs: number, lifeMs: number): ShardIterator {
  // A stream's name may hold dots, the other parts never do.
  const [issued = '', shardId = '', ...rest] = text.split(separator);
  const inner = rest.pop() ?? '';
  const stream = rest.join(separator);
  const issuedAtMs = parseInt(issued, 36);
  if (!/^shardId-\d+$/.test(shardId) || stream === '' || inner === '' || !Number.isFinite(issuedAtMs)) {
    throw new KinesisFault('InvalidArgumentException', 'Invalid ShardIterator.');
  }
  if (nowMs - issuedAtMs >= lifeMs) {
    throw new KinesisFault(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at time ${new Date(issuedAtMs).toISOString()} while right now ` +
        `it is ${new Date(nowMs).toISOString()} which is further in the future than the tolerated delay of ` +
        `${String(lifeMs)} milliseconds.`,
    );
  }
  return { stream, shardId, issuedAtMs, inner };
}
