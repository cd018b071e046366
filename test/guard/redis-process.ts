import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from './eventually';

/** A redis-server of a test's own: it may be killed and started again at the same address, empty. */
export interface RedisProcess {
  readonly url: string;
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** The server hangs: its connections stay open, and nothing answers until `resume`. */
  pause(): void;
  resume(): void;
}

const fetched = join(__dirname, '../../.spillway/redis/redis-server');

/** Starts an empty redis-server on a free port of 127.0.0.1 and waits until it answers. */
export async function startRedisProcess(): Promise<RedisProcess> {
  const binary = findBinary();
  const port = await freePort();
  const url = `redis://127.0.0.1:${String(port)}`;
  let process: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    process = spawn(binary, settings, { stdio: 'ignore' });
    await eventually(`a redis-server at ${url}`, () => answers(url));
  };
  await start();
  return {
    url,
    restart: start,
    pause: () => process?.kill('SIGSTOP'),
    resume: () => process?.kill('SIGCONT'),
    async kill() {
      const running = process;
      if (running === undefined) return;
      process = undefined;
      const exited = once(running, 'exit');
      running.kill('SIGKILL');
      await exited;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, disconnectTimeout: 200 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}

/** What set-up put into the work folder, or else what the machine has. */
function findBinary(): string {
  if (existsSync(fetched)) return fetched;
  const onPath = ['valkey-server', 'redis-server'].find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  );
  if (onPath !== undefined) return onPath;
  throw new Error(
    `neither ${fetched} is there nor valkey-server or redis-server on the PATH: run npm run set-up.`,
  );
}

/** A port of 127.0.0.1 that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given to the test');
  return address.port;
}
