import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis, type RedisOptions } from 'ioredis';
import { eventually } from './eventually';

/** A redis-server of a test's own: it may be killed and started again at the same address, empty. */
export interface RedisProcess {
  readonly url: string;
  readonly port: number;
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** The server hangs: its connections stay open, and nothing answers until `resume`. */
  pause(): void;
  resume(): void;
}

export interface RedisProcessOptions {
  /** @default the one that set-up found */
  readonly binary?: string;
  /** More of the server's settings, such as `--requirepass`, and of a client's that fit them. */
  readonly settings?: readonly string[];
  readonly client?: Omit<RedisOptions, 'replyMapping'>;
  /** `rediss` for a server that speaks TLS on its port. */
  readonly scheme?: 'redis' | 'rediss';
  /** @default a free one */
  readonly port?: number;
}

const fetched = join(__dirname, '../../.spillway/redis/redis-server');

/** Starts an empty redis-server on a free port of 127.0.0.1 and waits until it answers; one that does not is ended. */
export async function startRedisProcess(options: RedisProcessOptions = {}): Promise<RedisProcess> {
  const { binary = findBinary(), settings = [], client = {}, scheme = 'redis' } = options;
  const port = options.port ?? (await freePort());
  const url = `${scheme}://127.0.0.1:${String(port)}`;
  let process: ChildProcess | undefined;
  let folder = '';
  const start = async (): Promise<void> => {
    const portSetting = scheme === 'rediss' ? ['--port', '0', '--tls-port'] : ['--port'];
    const all = [...portSetting, String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    // A primary and its replica write the set that they pass on into the folder in which they run.
    folder = mkdtempSync(join(tmpdir(), 'spillway-redis-'));
    process = spawn(binary, [...all, ...settings], { stdio: 'ignore', cwd: folder });
    await eventually(`a redis-server at ${url}`, () => answers(url, client));
  };
  const kill = async (): Promise<void> => {
    const running = process;
    if (running === undefined) return;
    process = undefined;
    if (running.exitCode === null && running.signalCode === null) {
      const exited = once(running, 'exit');
      running.kill('SIGKILL');
      await exited;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (cause) {
    await kill();
    throw cause;
  }
  return {
    url,
    port,
    restart: start,
    pause: () => process?.kill('SIGSTOP'),
    resume: () => process?.kill('SIGCONT'),
    kill,
  };
}

async function answers(url: string, settings: Omit<RedisOptions, 'replyMapping'>): Promise<boolean> {
  const once = { lazyConnect: true, retryStrategy: () => null, disconnectTimeout: 200 };
  const client = new Redis(url, { ...settings, ...once });
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
  const found = [fetched, 'valkey-server', 'redis-server'].find(runs);
  if (found !== undefined) return found;
  throw new Error(
    `neither ${fetched} is there nor valkey-server or redis-server on the PATH: run npm run set-up.`,
  );
}

/** Every server this machine has, named by its version, for a test of all of them. */
export function allBinaries(): readonly (readonly [version: string, binary: string])[] {
  const asked = (process.env['SPILLWAY_REDIS_BINARIES'] ?? '').split(':').filter((path) => path !== '');
  const versions = new Map<string, string>();
  for (const binary of [findBinary(), 'valkey-server', 'redis-server', ...asked].filter(runs)) {
    const said = spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout;
    const [, name = 'Redis', version = 'unknown'] = /^(\w+).*? v=([\d.]+)/.exec(said) ?? [];
    versions.set(`${name} ${version}`, binary);
  }
  return [...versions];
}

/** Whether a server was built with TLS: one that was misses a certificate, one that was not misses TLS itself. */
export function speaksTls(binary: string): boolean {
  const settings = ['--port', '0', '--tls-port', '1', '--bind', '127.0.0.1', '--save', ''];
  const { stderr, stdout } = spawnSync(binary, settings, { encoding: 'utf8', timeout: 5_000 });
  return (stderr + stdout).includes('No tls-cert-file configured');
}

function runs(binary: string): boolean {
  if (binary.includes('/') && !existsSync(binary)) return false;
  return spawnSync(binary, ['--version'], { stdio: 'ignore' }).status === 0;
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
