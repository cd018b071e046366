import { parseArgs } from 'node:util';
import { startManagedFlink } from './server';

/**
 * The endpoint as a process of its own:
 * `node -r ./infra/local/typescript.js infra/local/managed-flink/main.ts --flink URL --folder DIR [--port N]`,
 * with S3's address in AWS_ENDPOINT_URL_S3. Prints its address when it answers; SIGTERM and SIGINT end it.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { flink: { type: 'string' }, folder: { type: 'string' }, port: { type: 'string' } },
  });
  const { flink: flinkRestUrl, folder, port } = values;
  if (flinkRestUrl === undefined || folder === undefined) throw new Error('--flink and --folder are needed');
  const { endpoint, stop } = await startManagedFlink({
    flinkRestUrl,
    folder,
    environment: process.env,
    ...(port !== undefined && { port: Number(port) }),
  });
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
  process.stdout.write(`${endpoint}\n`);
}

void main().catch((thrown: unknown) => {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 1;
});
