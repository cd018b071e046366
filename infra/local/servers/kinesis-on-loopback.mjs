/**
 * Runs the npm package kinesis-local, which listens on every interface and has no setting against it: whatever it
 * listens on in this process is put on 127.0.0.1.
 */
import { createRequire } from 'node:module';
import { Server } from 'node:net';

const listen = Server.prototype.listen;
Server.prototype.listen = function listenOnLoopback(first, ...rest) {
  const options = typeof first === 'object' && first !== null ? first : { port: first };
  const callback = rest.find((argument) => typeof argument === 'function');
  return listen.call(this, { ...options, host: '127.0.0.1' }, callback);
};

createRequire(import.meta.url)('kinesis-local');
