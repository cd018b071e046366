import { join } from 'node:path';
import { freePort, startOnPort } from '../processes/ports';
import { answersHttp } from '../processes/readiness';
import type { Run } from '../processes/run';
import { repositoryRoot } from '../processes/work-folder';
import type { KinesisLimits } from './kinesis-front/limits';
import type { LocalServer, PortOptions } from './local-server';

/** AWS counts shards per account and refuses more than a few hundred; test files make many streams. */
const SHARD_LIMIT = '10000';

export interface KinesisOptions extends PortOptions {
  /** Limits that are other than the service's; false for a server without any. @default the service's */
  readonly limits?: Partial<KinesisLimits> | false | undefined;
}

/**
 * Starts a Kinesis server and, before it, the front that keeps the service's limits (docs/local-kinesis.md). It speaks
 * HTTP/1.1 without TLS, and JSON: CBOR must be turned off in Java clients.
 */
export async function startKinesis(run: Run, options: KinesisOptions = {}): Promise<LocalServer> {
  return startOnPort('Kinesis', options.port, async (port) => {
    if (options.limits === false) return startServer(run, port);
    const serverPort = await freePort();
    // Neither needs the other to start, and each takes a while.
    const starting = [startServer(run, serverPort), startFront(run, port, serverPort, options.limits ?? {})];
    try {
      const [, front] = await Promise.all(starting);
      return {
        endpoint: front?.endpoint ?? '',
        stop: async () => void (await Promise.all(starting.map(async (part) => (await part).stop()))),
      };
    } catch (cause) {
      for (const part of await Promise.allSettled(starting)) {
        if (part.status === 'fulfilled') await part.value.stop();
      }
      throw cause;
    }
  });
}

async function startServer(run: Run, port: number): Promise<LocalServer> {
  const package_ = join(repositoryRoot, 'node_modules', 'kinesis-local');
  const endpoint = `http://127.0.0.1:${port}`;
  const process_ = await run.start({
    name: 'Kinesis',
    id: 'kinesis',
    command: process.execPath,
    args: ['--max-old-space-size=1024', join(__dirname, 'kinesis-on-loopback.mjs')],
    env: {
      KINESIS_MOCK_PLAIN_PORT: String(port),
      // Nobody uses it, but it cannot be turned off.
      KINESIS_MOCK_TLS_PORT: String(await freePort()),
      // Its own certificate is looked for in the working directory unless the path is absolute.
      KINESIS_MOCK_CERT_PATH: join(package_, 'server.json'),
      SHARD_LIMIT,
      AWS_REGION: 'us-east-1',
      AWS_ACCOUNT_ID: '000000000000',
      CREATE_STREAM_DURATION: '100ms',
      DELETE_STREAM_DURATION: '100ms',
      LOG_LEVEL: 'ERROR',
    },
    isReady: () => answersHttp(endpoint),
    readyWithinMs: 60_000,
  });
  return { endpoint, stop: () => process_.stop() };
}

async function startFront(
  run: Run,
  port: number,
  serverPort: number,
  limits: Partial<KinesisLimits>,
): Promise<LocalServer> {
  const endpoint = `http://127.0.0.1:${port}`;
  const process_ = await run.start({
    name: 'Kinesis limits',
    id: 'kinesis-front',
    command: process.execPath,
    args: [
      '-r',
      join(repositoryRoot, 'infra', 'local', 'typescript.js'),
      join(__dirname, 'kinesis-front', 'main.ts'),
      String(port),
      String(serverPort),
      JSON.stringify(limits),
    ],
    isReady: () => answersHttp(endpoint),
    readyWithinMs: 60_000,
  });
  return { endpoint, stop: () => process_.stop() };
}
