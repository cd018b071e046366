import type { SetAside } from '../contracts/set-aside';
import { type KinesisStream, recordLimitBytes } from './kinesis-stream';

/** Where a function keeps the records it could not use. */
export interface SetAsideStream {
  put(setAsides: readonly SetAside[]): Promise<void>;
}

/** Room for the partition key, which counts against the record's limit. */
const mostBytes = recordLimitBytes - 1024;

/** Puts set-aside records on the given stream. Throws what the stream throws. */
export function setAsideStream(stream: KinesisStream): SetAsideStream {
  return {
    async put(setAsides) {
      if (setAsides.length === 0) return;
      await stream.put(
        setAsides.map((setAside, index) => ({
          partitionKey: `${setAside.setAsideBy}:${setAside.reason}:${String(index)}`.slice(0, 256),
          data: encodeSetAside(setAside),
        })),
      );
    },
  };
}

/**
 * A set-aside record as bytes. One that is too large for a Kinesis record loses the end of its `record`, never its
 * reason, and says so in `detail`.
 */
export function encodeSetAside(setAside: SetAside): Buffer {
  let data = Buffer.from(JSON.stringify(setAside));
  let kept = setAside.record.length;
  while (data.length > mostBytes && kept > 0) {
    kept = Math.floor(kept / 2);
    const detail = `${setAside.detail} (The first ${String(kept)} of ${String(setAside.record.length)} characters are kept.)`;
    data = Buffer.from(JSON.stringify({ ...setAside, detail, record: setAside.record.slice(0, kept) }));
  }
  return data;
}
