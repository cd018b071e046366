import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from './actions/context';
import { actions } from './actions/table';
import { ApplicationStore } from './application-store';
import { type AwsEnvironment, CodeInS3 } from './code-in-s3';
import { Fault, messageOf } from './faults';
import { FlinkRest } from './flink-rest';
import { Jobs } from './jobs';
import { Lifecycle } from './lifecycle';

export interface ManagedFlinkOptions {
  /** Flink's REST API, `http://127.0.0.1:8081`. */
  flinkRestUrl: string;
  /** AWS_REGION, AWS_ENDPOINT_URL_S3 and credentials: where application code lies. */
  environment: AwsEnvironment;
  /** Keeps state, properties files and savepoints; a second endpoint on the same folder goes on where it was. */
  folder: string;
  /** A free one unless given. */
  port?: number;
}

export interface ManagedFlink {
  /** For AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2. */
  endpoint: string;
  /** Stops answering; jobs that run on Flink go on. */
  stop(): Promise<void>;
}

const TARGET_PREFIX = 'KinesisAnalytics_20180523.';
const LARGEST_BODY_BYTES = 2 * 1024 * 1024;

/**
 * The KinesisAnalyticsV2 API on 127.0.0.1, over a Flink session cluster: what AWS's SDK and CLI send to create,
 * start, update and stop applications does the same here. docs/local-managed-flink.md says which behaviours of
 * the service it keeps.
 */
export async function startManagedFlink(options: ManagedFlinkOptions): Promise<ManagedFlink> {
  const store = new ApplicationStore(options.folder);
  const code = new CodeInS3(options.environment);
  const flinkRestUrl = options.flinkRestUrl.replace(/\/$/, '');
  const jobs = new Jobs(new FlinkRest(flinkRestUrl), code, options.folder);
  const lifecycle = new Lifecycle(store, jobs);
  await lifecycle.settle();
  const context: Context = {
    store,
    lifecycle,
    code,
    flinkRestUrl,
    region: options.environment.AWS_REGION ?? 'us-east-1',
    account: '000000000000',
  };
  const server = createServer((request, response) => void answer(context, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await lifecycle.close();
      code.close();
    },
  };
}

async function answer(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  response.setHeader('x-amzn-requestid', randomUUID());
  try {
    const body = await perform(context, request);
    response.writeHead(200).end(JSON.stringify(body));
  } catch (thrown) {
    const fault = thrown instanceof Fault ? thrown : unforeseen(thrown);
    response.setHeader('x-amzn-errortype', fault.name);
    response
      .writeHead(fault.httpStatus)
      .end(JSON.stringify({ __type: fault.name, message: fault.message, Message: fault.message }));
  }
}

async function perform(context: Context, request: IncomingMessage): Promise<object> {
  const target = String(request.headers['x-amz-target'] ?? '');
  const action = target.startsWith(TARGET_PREFIX)
    ? actions.get(target.slice(TARGET_PREFIX.length))
    : undefined;
  const text = await readBody(request);
  if (action === undefined) {
    throw new Fault('UnknownOperationException', `The local endpoint knows no action ${target || '(none)'}`);
  }
  return action(context, parseJson(text));
}

async function readBody(request: IncomingMessage): Promise<string> {
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch (cause) {
    throw new Fault('SerializationException', `The request is no JSON: ${messageOf(cause)}`, { cause });
  }
}

function unforeseen(thrown: unknown): Fault {
  return new Fault('ServiceUnavailableException', messageOf(thrown), { cause: thrown });
}
