import { createConnection } from 'node:net';
import { join } from 'node:path';
import { startOnPort } from '../processes/ports';
import type { Run } from '../processes/run';
import { workFolder } from '../processes/work-folder';
import type { PortOptions } from './local-server';

export interface RedisServer {
  /** `redis://127.0.0.1:<port>` */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a Valkey or Redis that keeps nothing on disk. */
export async function startRedis(run: Run, options: PortOptions = {}): Promise<RedisServer> {
  return startOnPort('Redis', options.port, async (port) => {
    const process_ = await run.start({
      name: 'Redis',
      id: 'redis',
      command: join(workFolder, 'redis', 'redis-server'),
      args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      isReady: () => answersPing(port),
      readyWithinMs: 30_000,
    });
    return { url: `redis://127.0.0.1:${port}`, stop: () => process_.stop() };
  });
}

async function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port, timeout: 1_000 });
    socket.on('connect', () => socket.write('PING\r\n'));
    socket.on('data', (data) => {
      socket.destroy();
      resolve(data.toString().startsWith('+PONG'));
    });
    socket.on('timeout', () => socket.destroy(new Error('no answer to PING within a second')));
    socket.on('error', reject);
  });
}
