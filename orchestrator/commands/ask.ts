import { createInterface } from 'node:readline/promises';
import type { Streams } from './streams';

/** Whether a person can be asked. */
export function hasTerminal({ stdin }: Streams): boolean {
  return 'isTTY' in stdin && stdin.isTTY === true;
}

/** Asks a person for one line; what is asked for goes to stderr, because it is no result. */
export async function ask(question: string, streams: Streams): Promise<string> {
  const prompt = createInterface({ input: streams.stdin, output: streams.stderr });
  try {
    return (await prompt.question(question)).trim();
  } finally {
    prompt.close();
  }
}
