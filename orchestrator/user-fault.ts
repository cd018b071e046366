/** Something the user can put right: its message says what, the wrong value, why, and what to do next. */
export class UserFault extends Error {
  override readonly name = 'UserFault';
}

/** What one wrong place in the user's files is: where, a stable code, and a sentence. */
export interface Problem {
  code: string;
  /** The file, relative to the folder of definitions. */
  file: string;
  /** From 1; 0 where the whole file is meant. */
  line: number;
  message: string;
}

/** Every problem that one reading found, so that a person mends them in one go. */
export class DefinitionFault extends UserFault {
  constructor(
    what: string,
    readonly problems: readonly Problem[],
  ) {
    const lines = problems.map(
      ({ code, file, line, message }) => `  ${file}${line > 0 ? `:${line}` : ''}  ${message}  [${code}]`,
    );
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
    super(`${what} has ${count}:\n${lines.join('\n')}`);
  }
}

/** One line about anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
