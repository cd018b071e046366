import type { Writable } from 'node:stream';

/** What a person sees while a command works. */
export interface Progress {
  /** A line that stays. */
  say(line: string): void;
  /** How it stands at this moment: on a terminal one line that the next one replaces, elsewhere nothing. */
  live(text: string): void;
  /** Takes the live line away. */
  end(): void;
}

const TO_LINE_START = '\r\u001b[K';
const WIDEST = 120;

/** Progress on stderr: lines, and on a terminal a live line below them. */
export function progressOn(stderr: Writable & { isTTY?: boolean; columns?: number }): Progress {
  const isTerminal = stderr.isTTY === true;
  let isLive = false;
  const end = (): void => {
    if (isLive) stderr.write(TO_LINE_START);
    isLive = false;
  };
  return {
    say: (line) => {
      end();
      stderr.write(`${line}\n`);
    },
    live: (text) => {
      if (!isTerminal) return;
      const width = Math.max(20, Math.min(stderr.columns ?? 80, WIDEST) - 1);
      stderr.write(TO_LINE_START + text.replaceAll('\n', ' ').slice(0, width));
      isLive = true;
    },
    end,
  };
}
