import type { IncomingHttpHeaders } from 'node:http';
import type { Guard } from '../guard';
import { refuse, type RefuseOptions } from './refuse';

/** What the middleware needs of Koa's context; `subject` of a whole context takes it as its type argument. */
export interface MiddlewareContext {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  status: number;
  body: unknown;
  set(name: string, value: string): void;
}

/** Middleware for Koa. Put it after what authenticates the request, when the subject comes from there. */
export function koaMiddleware<Context extends MiddlewareContext = MiddlewareContext>(
  guard: Guard,
  options: RefuseOptions<Context>,
): (context: Context, next: () => Promise<unknown>) => Promise<void> {
  const decide = refuse(guard, options);
  return async (context, next) => {
    const problem = decide(context);
    if (problem === undefined) {
      await next();
      return;
    }
    context.status = problem.status;
    // Before the body: to a body without a type Koa gives one of its own.
    for (const [name, value] of Object.entries(problem.headers)) context.set(name, value);
    context.body = problem.body;
  };
}
