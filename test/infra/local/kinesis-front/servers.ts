import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Run } from '../../../../infra/local/processes/run';
import { startKinesis } from '../../../../infra/local/servers/kinesis';
import { type KinesisFront, startKinesisFront } from '../../../../infra/local/servers/kinesis-front/front';
import { type KinesisLimits, serviceLimits } from '../../../../infra/local/servers/kinesis-front/limits';

/** One Kinesis server without limits for a test file, and fronts before it as each test wants them. */
export interface Servers {
  readonly run: Run;
  /** The server itself. */
  readonly direct: KinesisClient;
  /** A client, without retries, of a new front. */
  front(
    limits?: Partial<KinesisLimits>,
  ): Promise<{ readonly client: KinesisClient; readonly endpoint: string }>;
  stop(): Promise<void>;
}

export async function startServers(): Promise<Servers> {
  const run = new Run(`kinesis-front-${process.pid}`, () => undefined);
  try {
    const server = await startKinesis(run, { limits: false });
    const direct = clientOf(server.endpoint, 3);
    const clients = [direct];
    const fronts: KinesisFront[] = [];
    return {
      run,
      direct,
      async front(limits = {}) {
        const upstreamPort = Number(new URL(server.endpoint).port);
        const front = await startKinesisFront(0, upstreamPort, { ...serviceLimits, ...limits });
        const endpoint = `http://127.0.0.1:${front.port}`;
        const client = clientOf(endpoint, 1);
        fronts.push(front);
        clients.push(client);
        return { client, endpoint };
      },
      async stop() {
        for (const client of clients) client.destroy();
        await Promise.all(fronts.map((front) => front.stop()));
        await run.stop();
      },
    };
  } catch (cause) {
    await run.stop();
    throw cause;
  }
}

export function clientOf(endpoint: string, maxAttempts: number): KinesisClient {
  return new KinesisClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: new NodeHttpHandler(),
    maxAttempts,
  });
}
