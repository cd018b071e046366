import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Guard } from '../guard';
import { refuse, type RefuseOptions } from './refuse';

/**
 * Middleware for Express, Connect and whatever else calls `(request, response, next)` with Node's own request and
 * response. Put it after what authenticates the request, when the subject comes from there.
 */
export function expressMiddleware<Request extends IncomingMessage = IncomingMessage>(
  guard: Guard,
  options: RefuseOptions<Request>,
): (request: Request, response: ServerResponse, next: () => void) => void {
  const decide = refuse(guard, options);
  return (request, response, next) => {
    const problem = decide(request);
    if (problem === undefined || response.headersSent) {
      next();
      return;
    }
    response.statusCode = problem.status;
    for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
    response.end(problem.body);
  };
}
