import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to Redis on which a test can hold back the answer to a guard's read of the whole set. */
export interface SlowNetwork {
  readonly url: string;
  /** From now on, and until `release`, nothing comes back on a connection that asks for the whole set. */
  holdReads(): void;
  /** The same for the connection on which a guard asks; the one on which it is pushed changes goes on. */
  holdAskingConnection(): void;
  /** From now on every answer takes so much longer. */
  delay(ms: number): void;
  /** Cuts what is connected, and leads to another Redis from now on, as a name does after a failover. */
  leadTo(redisUrl: string): void;
  release(): void;
  close(): void;
}

/** Forwards every byte in order, both ways, between its own port and the given Redis. */
export async function startSlowNetwork(redisUrl: string): Promise<SlowNetwork> {
  const sockets = new Set<Socket>();
  const held = new Set<Socket>();
  let holding: RegExp | undefined;
  let delayMs = 0;
  let target = redisUrl;
  const server = createServer((client) => {
    const redis = connect(Number(new URL(target).port), '127.0.0.1');
    for (const socket of [client, redis]) {
      sockets.add(socket);
      // An end on one side is an end on the other; what a test cuts off is no error of the test.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        redis.destroy();
      });
    }
    client.on('data', (bytes) => {
      if (holding?.test(bytes.toString('latin1'))) {
        held.add(redis);
        redis.pause();
      }
      redis.write(bytes);
    });
    redis.on('data', (bytes) => {
      if (delayMs === 0) client.write(bytes);
      else setTimeout(() => client.write(bytes), delayMs);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the slow network has no port');
  return {
    url: `redis://127.0.0.1:${String(address.port)}`,
    holdReads() {
      holding = /hvals/i;
    },
    holdAskingConnection() {
      holding = /spillway-guard\r/;
    },
    delay(ms) {
      delayMs = ms;
    },
    leadTo(other) {
      target = other;
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    },
    release() {
      holding = undefined;
      for (const redis of held) redis.resume();
      held.clear();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
