import { createInterface } from 'node:readline/promises';
import type { Streams } from './streams';

/** Asks a person on a terminal; where there is none, nobody is asked and the answer is yes. */
export async function confirm(question: string, streams: Streams): Promise<boolean> {
  const { stdin, stderr } = streams;
  if (!('isTTY' in stdin) || stdin.isTTY !== true) return true;
  const prompt = createInterface({ input: stdin, output: stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `)).trim());
  } finally {
    prompt.close();
  }
}
