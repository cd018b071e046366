import type { IncomingMessage } from 'node:http';
import { Fault } from './faults';

const LARGEST_BODY_BYTES = 2 * 1024 * 1024;

/** The text of a request; InvalidRequestException where it is longer than any the service takes. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES) {
      throw new Fault('InvalidRequestException', `The request has more than ${LARGEST_BODY_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
