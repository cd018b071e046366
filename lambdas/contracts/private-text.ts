import { createHmac } from 'node:crypto';

/** A shorter salt can be found by trying. */
export const leastSaltCharacters = 16;

/**
 * A key or subject that must not be read downstream, as `#` and 128 bits of its HMAC-SHA256 under a secret salt. The
 * same text always gives the same hash, so it still adds up and can be suspended, and only who knows the salt can tell
 * which text it was. A guard that checks such subjects hashes them the same way.
 */
export function privateText(salt: string, text: string): string {
  return `#${createHmac('sha256', salt).update(text).digest().subarray(0, 16).toString('base64url')}`;
}
