import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** How long a read at the tip is kept waiting, so that idle reads cost the reader next to nothing. */
const TIP_PAUSE_MS = 500;

/** A Kinesis stream of prepared answers: its server's work is done before the reader begins. */
export interface MemoryStream {
  readonly endpoint: string;
  /**
   * Puts so many of the texts, beginning again at the first when there are more, into every shard; reading begins
   * anew. Ends when a reader has worked all of it off.
   */
  serve(records: number): { workedOff: Promise<void> };
  close(): Promise<void>;
}

/**
 * Reads at the tip after which what came before is worked off: the connector's fetcher hands over at most two answers
 * that wait, and each read follows the handing over of the one before.
 */
const TIP_READS = 6;

export async function startMemoryStream(
  texts: readonly string[],
  shards: number,
  recordsPerRead: number,
): Promise<MemoryStream> {
  const answers = answersOf(texts, recordsPerRead);
  let reads = 0;
  let tipReads = 0;
  let workedOff = (): void => undefined;

  const getRecords = async (iterator: string, response: ServerResponse): Promise<void> => {
    const position = Number(iterator);
    const next = JSON.stringify(String(Math.min(position + 1, reads)));
    if (position < reads) {
      const records = answers[position % answers.length] ?? Buffer.alloc(0);
      response.write(`{"NextShardIterator":${next},"MillisBehindLatest":1000,"Records":[`);
      response.write(records);
      response.end(']}');
      return;
    }
    tipReads += 1;
    if (tipReads === TIP_READS) workedOff();
    await pause(TIP_PAUSE_MS);
    response.end(`{"NextShardIterator":${next},"MillisBehindLatest":0,"Records":[]}`);
  };

  const server = createServer((request, response) => {
    const body: Buffer[] = [];
    request.on('data', (part: Buffer) => body.push(part));
    request.on('end', () => {
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      const operation = String(request.headers['x-amz-target']).split('.')[1];
      const asked = JSON.parse(Buffer.concat(body).toString()) as { ShardIterator?: string };
      if (operation === 'GetRecords') void getRecords(asked.ShardIterator ?? '0', response);
      else if (operation === 'GetShardIterator') response.end('{"ShardIterator":"0"}');
      else response.end(JSON.stringify({ Shards: shardList(shards) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve(records) {
      reads = records / shards / recordsPerRead;
      if (!Number.isInteger(reads)) throw new Error(`${records} records are no whole number of reads`);
      tipReads = 0;
      return { workedOff: new Promise((resolve) => (workedOff = resolve)) };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function shardList(shards: number): object[] {
  return Array.from({ length: shards }, (_, i) => ({
    ShardId: `shardId-${String(i).padStart(12, '0')}`,
    HashKeyRange: { StartingHashKey: '0', EndingHashKey: '0' },
    SequenceNumberRange: { StartingSequenceNumber: '0' },
  }));
}

/** The records of each read as they stand in GetRecords' answer. */
function answersOf(texts: readonly string[], recordsPerRead: number): Buffer[] {
  const answers: Buffer[] = [];
  for (let from = 0; from < texts.length; from += recordsPerRead) {
    const records = texts.slice(from, from + recordsPerRead).map((text, i) => ({
      SequenceNumber: `4965${String(from + i).padStart(52, '0')}`,
      ApproximateArrivalTimestamp: 1_790_000_000.123,
      Data: Buffer.from(text).toString('base64'),
      PartitionKey: String(i),
    }));
    const json = JSON.stringify(records);
    answers.push(Buffer.from(json.slice(1, -1)));
  }
  return answers;
}
