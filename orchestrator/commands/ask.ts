import { createInterface } from 'node:readline';
import type { Streams } from './streams';

/** Whether a person can be asked. */
export function hasTerminal({ stdin }: Streams): boolean {
  return 'isTTY' in stdin && stdin.isTTY === true;
}

/** A person who answers questions, line by line. */
export interface Person {
  /** Empty where they said nothing, or went away. */
  ask(question: string): Promise<string>;
  close(): void;
}

/** Questions go to stderr, because they are no result. */
export function personAt({ stdin, stderr }: Streams): Person {
  const prompt = createInterface({ input: stdin, output: stderr });
  const lines = prompt[Symbol.asyncIterator]();
  return {
    ask: async (question) => {
      stderr.write(question);
      const line = await lines.next();
      return line.done === true ? '' : line.value.trim();
    },
    close: () => {
      prompt.close();
    },
  };
}

/** Asks one question. */
export async function ask(question: string, streams: Streams): Promise<string> {
  const person = personAt(streams);
  try {
    return await person.ask(question);
  } finally {
    person.close();
  }
}
