import type { Readable, Writable } from 'node:stream';

/** What a command reads and writes; a test gives its own. */
export interface Streams {
  stdin: Readable;
  /** Results. */
  stdout: Writable;
  /** Talk: progress, warnings, errors. */
  stderr: Writable;
  env: Readonly<Record<string, string | undefined>>;
}

export const EXIT_DONE = 0;
export const EXIT_FAILED = 1;
/** `plan` found changes. */
export const EXIT_CHANGES = 2;
/** A person was asked and said no. */
export const EXIT_DECLINED = 3;
