import type { Writable } from 'node:stream';
import { styleText } from 'node:util';

/** Puts a text in a colour, or leaves it as it is. */
export type Paint = (colour: 'red' | 'green' | 'yellow' | 'cyan' | 'bold' | 'dim', text: string) => string;

/** Colours only on a terminal, and there only unless NO_COLOR says otherwise (no-color.org). */
export function paintFor(stream: Writable, env: Readonly<Record<string, string | undefined>>): Paint {
  const isTerminal = 'isTTY' in stream && stream.isTTY === true;
  return isTerminal && (env['NO_COLOR'] ?? '') === ''
    ? (colour, text) => styleText(colour, text, { validateStream: false })
    : plainly;
}

export const plainly: Paint = (_colour, text) => text;
