import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { ByteBudget } from './byte-budget';
import { KinesisFault } from './fault';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** To be called when the body is no longer needed. */
  readonly release: () => void;
}

const passedOn = ['content-type', 'x-amz-target', 'x-amz-date', 'authorization', 'user-agent'];
const passedBack = ['content-type', 'x-amzn-requestid', 'x-amz-id-2'];

const mostSockets = 64;
const answerWithinMs = 120_000;

/** An answer whose length is not said counts as the largest there is: 10 MiB of data as base64. */
const largestAnswerBytes = 16 * 1024 * 1024;

/** The server behind the front, over connections that stay open. */
export class Upstream {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: mostSockets, timeout: 4_000 });

  constructor(
    private readonly port: number,
    private readonly held: ByteBudget,
  ) {}

  /** Sends a request as it came, or another body under its headers. Throws InternalFailure without an answer. */
  async send(headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> {
    const sent: Record<string, string | number> = { 'content-length': body.length };
    for (const name of passedOn) {
      const value = headers[name];
      if (typeof value === 'string') sent[name] = value;
    }
    try {
      const response = await this.exchange(sent, body);
      const release = await this.held.take(Number(response.headers['content-length'] ?? largestAnswerBytes));
      try {
        const read = await readAll(response, Infinity);
        return {
          status: response.statusCode ?? 500,
          headers: picked(response.headers),
          body: read,
          release,
        };
      } catch (cause) {
        release();
        throw cause;
      }
    } catch (cause) {
      throw new KinesisFault('InternalFailure', `the server behind the front failed: ${String(cause)}`, 500);
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private exchange(headers: Record<string, string | number>, body: Buffer): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { host: '127.0.0.1', port: this.port, method: 'POST', path: '/', agent: this.agent, headers },
        resolve,
      );
      const timer = setTimeout(() => outgoing.destroy(new Error('no answer in time')), answerWithinMs);
      outgoing.once('close', () => clearTimeout(timer));
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }
}

/** A body is longer than what was to be read. */
export class BodyTooLong extends Error {
  override readonly name = 'BodyTooLong';
}

/** A body in one piece. Throws BodyTooLong when it is longer than the bound, and then keeps no more of it. */
export async function readAll(message: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) throw new BodyTooLong(`the body is longer than ${String(mostBytes)} bytes`);
    chunks.push(chunk);
  }
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length);
}

function picked(headers: IncomingHttpHeaders): Record<string, string> {
  const back: Record<string, string> = {};
  for (const name of passedBack) {
    const value = headers[name];
    if (typeof value === 'string') back[name] = value;
  }
  return back;
}
