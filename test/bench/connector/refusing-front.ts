import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomNumbers } from './random';

/** Stands before a Kinesis server and refuses some of the calls, in the ways the service does. */
export interface RefusingFront {
  readonly endpoint: string;
  /** Calls refused so far, by the reason given. */
  readonly refused: Readonly<Record<string, number>>;
  /** From now on every call passes. */
  relent(): void;
  close(): Promise<void>;
}

/** Shares of all calls; only GetRecords has an iterator that can expire. Which ones is drawn from the seed. */
const THROTTLED = 0.2;
const BROKEN = 0.05;
const EXPIRED = 0.1;

const refusals = {
  ProvisionedThroughputExceededException: 400,
  InternalFailure: 500,
  ExpiredIteratorException: 400,
} as const;
type Refusal = keyof typeof refusals;

export async function startRefusingFront(target: string, seed: number): Promise<RefusingFront> {
  const random = randomNumbers(seed);
  const refused: Record<Refusal, number> = {
    ProvisionedThroughputExceededException: 0,
    InternalFailure: 0,
    ExpiredIteratorException: 0,
  };
  const agent = new Agent({ keepAlive: true });
  let refusing = true;

  const refusalOf = (operation: string): Refusal | undefined => {
    const drawn = random();
    if (!refusing) return undefined;
    if (drawn < THROTTLED) return 'ProvisionedThroughputExceededException';
    if (drawn < THROTTLED + BROKEN) return 'InternalFailure';
    if (drawn < THROTTLED + BROKEN + EXPIRED && operation === 'GetRecords') return 'ExpiredIteratorException';
    return undefined;
  };

  const server = createServer((incoming, outgoing) => {
    const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    const refusal = refusalOf(operation);
    if (refusal === undefined) {
      passOn(target, agent, incoming, outgoing);
      return;
    }
    refused[refusal] += 1;
    incoming.resume();
    outgoing.writeHead(refusals[refusal], { 'content-type': 'application/x-amz-json-1.1' });
    outgoing.end(JSON.stringify({ __type: refusal, message: 'refused by the bench' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    relent() {
      refusing = false;
    },
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function passOn(target: string, agent: Agent, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const passed = request(
    target,
    { method: 'POST', headers: { ...incoming.headers, host: new URL(target).host }, agent },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  // The client meets a broken connection, as it would if the server itself broke it.
  passed.on('error', () => outgoing.destroy());
  incoming.pipe(passed);
}
