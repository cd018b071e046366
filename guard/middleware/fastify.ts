import type { IncomingHttpHeaders } from 'node:http';
import type { Guard } from '../guard';
import { refuse, type RefuseOptions } from './refuse';

/** What the hook needs of Fastify's request; a hook for the whole request type takes it as its type argument. */
export interface HookRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

/** What the hook needs of Fastify's reply. */
export interface HookReply {
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  send(payload: Buffer): unknown;
}

/**
 * A hook for Fastify's `onRequest`, or `preHandler` when the subject comes from an authentication that runs later
 * or from the body.
 */
export function fastifyHook<Request extends HookRequest = HookRequest>(
  guard: Guard,
  options: RefuseOptions<Request>,
): (request: Request, reply: HookReply, done: () => void) => void {
  const decide = refuse(guard, options);
  return (request, reply, done) => {
    const problem = decide(request);
    if (problem === undefined) {
      done();
      return;
    }
    reply.code(problem.status);
    for (const [name, value] of Object.entries(problem.headers)) reply.header(name, value);
    // To a text Fastify would add a charset, which this type of content does not have.
    reply.send(Buffer.from(problem.body));
  };
}
