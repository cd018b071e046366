import { ask, hasTerminal } from './ask';
import type { Streams } from './streams';

/** Asks a person on a terminal; where there is none, nobody is asked and the answer is yes. */
export async function confirm(question: string, streams: Streams): Promise<boolean> {
  return !hasTerminal(streams) || /^y(es)?$/i.test(await ask(`${question} [y/N] `, streams));
}
