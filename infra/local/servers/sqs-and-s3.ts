import { join } from 'node:path';
import { startOnPort } from '../processes/ports';
import { answersHttp } from '../processes/readiness';
import type { Run } from '../processes/run';
import type { LocalServer, PortOptions } from './local-server';

/**
 * Starts one server that speaks SQS and S3, in memory. Its S3 ignores `If-None-Match`, so nothing that locks may rest
 * on it; buckets are addressed by path, which AWS's clients do by themselves where the endpoint is an IP address.
 */
export async function startSqsAndS3(run: Run, options: PortOptions = {}): Promise<LocalServer> {
  return startOnPort('SQS and S3', options.port, async (port) => {
    const endpoint = `http://127.0.0.1:${port}`;
    const process_ = await run.start({
      name: 'SQS and S3',
      id: 'sqs-and-s3',
      command: process.execPath,
      args: [join(__dirname, 'sqs-and-s3-on-loopback.mjs'), String(port)],
      isReady: () => answersHttp(`${endpoint}/health`),
      readyWithinMs: 60_000,
    });
    return { endpoint, stop: () => process_.stop() };
  });
}
