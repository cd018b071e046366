import { Readable, Writable } from 'node:stream';
import { main } from '../../orchestrator/main';

export interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs one command line of spillway in this process, and keeps what it wrote. */
export async function runSpillway(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const exitCode = await main(args, { stdin: Readable.from([]), stdout: into(out), stderr: into(err), env });
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
