import type { Guard } from '../guard';
import { type Problem, problemFor } from './problem';

export interface RefuseOptions<Request> {
  /** Names the request's subject as the table's template does; undefined or empty lets the request through. */
  readonly subject: (request: Request) => string | undefined;
  /**
   * Names the request's route, for suspensions of one route, such as `POST /items`.
   * @default no route is named: a suspension of one route refuses the subject's writes
   */
  readonly route?: (request: Request) => string | undefined;
}

const writingMethods: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * The middleware for any server: a function that answers with the problem to send, or with undefined when the
 * request may pass. It never throws: a request whose subject cannot be told passes, and the guard reports it.
 */
export function refuse<Request extends { readonly method?: string | undefined }>(
  guard: Guard,
  { subject, route }: RefuseOptions<Request>,
): (request: Request) => Problem | undefined {
  return (request) => {
    try {
      const name: unknown = subject(request);
      if (typeof name !== 'string' || name === '') return undefined;
      const scope = writingMethods.has(request.method?.toUpperCase() ?? '') ? 'writes' : 'reads';
      const verdict = guard.check(name, { scope, route: route?.(request) });
      return verdict.allowed ? undefined : problemFor(verdict);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      guard.report(
        'subject-failed',
        `A request's subject or route could not be told (${reason}); it is let through.`,
      );
      return undefined;
    }
  };
}
