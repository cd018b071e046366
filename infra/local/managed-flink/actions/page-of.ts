import { Fault } from '../faults';

/**
 * One page of a list: at most `limit` elements from the token on, and the token of the next page. The token is
 * the position, written so that nobody takes it for one.
 */
export function pageOf<T>(
  all: readonly T[],
  limit: number,
  token: string | undefined,
): { page: T[]; next: string | undefined } {
  const from = token === undefined ? 0 : positionOf(token);
  const to = from + limit;
  return {
    page: all.slice(from, to),
    next: to < all.length ? Buffer.from(`from:${to}`).toString('base64url') : undefined,
  };
}

function positionOf(token: string): number {
  const match = /^from:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('latin1'));
  if (match?.[1] === undefined) throw new Fault('InvalidArgumentException', 'The next token is not valid');
  return Number(match[1]);
}
