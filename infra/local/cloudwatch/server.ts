import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { actions, Fault } from './actions';
import { addEmbeddedMetrics } from './embedded-metrics';
import { MetricStore } from './metric-store';

export interface LocalCloudWatch {
  /** For AWS_ENDPOINT_URL_CLOUDWATCH. */
  readonly endpoint: string;
  /** For what AWS itself records, such as what DynamoDB consumed. */
  readonly store: MetricStore;
  /** Takes a line in the embedded metric format, as CloudWatch Logs does. Throws where it is none. */
  addEmbeddedMetrics(line: string): void;
  stop(): Promise<void>;
}

const targetPrefix = 'GraniteServiceVersion20100801.';
/** PutMetricData takes 1 MB (CloudWatch User Guide, CloudWatch service quotas). */
const largestBodyBytes = 1024 * 1024;

/** CloudWatch's metrics on 127.0.0.1, in memory. docs/local-cloudwatch.md says which behaviours it keeps. */
export async function startCloudWatch(options: { port?: number } = {}): Promise<LocalCloudWatch> {
  const store = new MetricStore();
  const server = createServer((request, response) => void answer(store, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    store,
    addEmbeddedMetrics: (line) => addEmbeddedMetrics(store, line),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(store: MetricStore, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  response.setHeader('x-amzn-requestid', randomUUID());
  try {
    const target = String(request.headers['x-amz-target'] ?? '');
    const text = await bodyOf(request);
    const action = target.startsWith(targetPrefix)
      ? actions.get(target.slice(targetPrefix.length))
      : undefined;
    if (action === undefined) {
      throw new Fault(
        'UnknownOperationException',
        `The local endpoint knows no action ${target || '(none)'}`,
      );
    }
    response.end(JSON.stringify(action(store, JSON.parse(text || '{}'), Date.now())));
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const name = thrown instanceof Fault ? thrown.name : 'InternalServiceFault';
    response.setHeader('x-amzn-query-error', `${name};${thrown instanceof Fault ? 'Sender' : 'Receiver'}`);
    response.writeHead(thrown instanceof Fault ? 400 : 500);
    response.end(JSON.stringify({ __type: `com.amazonaws.cloudwatch#${name}`, message }));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestBodyBytes) throw new Fault('InvalidParameterValue', 'The request is larger than 1 MB');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  // The SDK compresses large PutMetricData requests.
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
}
