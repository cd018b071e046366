import { join } from 'node:path';
import { freePort, startOnPort } from '../processes/ports';
import { answersHttp } from '../processes/readiness';
import type { Run } from '../processes/run';
import { repositoryRoot } from '../processes/work-folder';
import type { LocalServer, PortOptions } from './local-server';

/** AWS counts shards per account and refuses more than a few hundred; test files make many streams. */
const SHARD_LIMIT = '10000';

/** Starts a Kinesis server; it speaks HTTP/1.1 without TLS and needs CBOR turned off in Java clients. */
export async function startKinesis(run: Run, options: PortOptions = {}): Promise<LocalServer> {
  const package_ = join(repositoryRoot, 'node_modules', 'kinesis-local');
  return startOnPort('Kinesis', options.port, async (port) => {
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
  });
}
