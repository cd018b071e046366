import { Readable, Writable } from 'node:stream';
import { main } from '../../orchestrator/main';

export interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs one command line of spillway in this process, and keeps what it wrote.
 *
 * @param terminal what a person types; without it there is no terminal
 */
export async function runSpillway(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
  terminal?: { typed: string },
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const stdin = Readable.from(terminal === undefined ? [] : [terminal.typed]);
  if (terminal !== undefined) Object.assign(stdin, { isTTY: true });
  const exitCode = await main(args, { stdin, stdout: into(out), stderr: into(err), env });
  return { exitCode, stdout: out.join(''), stderr: err.join('') };
}

function into(chunks: string[]): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk.toString());
      done();
    },
  });
}
