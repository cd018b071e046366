import { createServer } from 'node:net';
import { AddressInUseError } from './readiness';

const ATTEMPTS = 4;

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const port = await tryToListen(0);
  if (port === undefined) throw new Error('this machine has no free port on 127.0.0.1; end some programs');
  return port;
}

/**
 * Starts a server on the port asked for, or else on a free one. Between finding a free port and using it another
 * program may take it: then it is tried again with another port, a few times.
 * Throws a message that names the server and the port when the port asked for is taken.
 */
export async function startOnPort<T>(
  server: string,
  wanted: number | undefined,
  start: (port: number) => Promise<T>,
): Promise<T> {
  if (wanted !== undefined) await needFree(server, wanted);
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await freePort());
    try {
      return await start(port);
    } catch (error) {
      if (!(error instanceof AddressInUseError) || wanted !== undefined || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Throws a message that names the server and the port when something listens there. */
export async function needFree(server: string, port: number): Promise<void> {
  if ((await tryToListen(port)) !== undefined) return;
  throw new Error(
    `port ${port} for ${server} is taken on 127.0.0.1: end the program that listens there, choose another port, or leave it out to get a free one`,
  );
}

/** The port listened on for a moment, or undefined when it is taken. Other failures are thrown. */
async function tryToListen(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
