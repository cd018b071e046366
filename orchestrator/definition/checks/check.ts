import type { Problem } from '../../user-fault';
import type { JsonWithLines } from '../json-lines';
import type { Definition } from '../read-definition';
import type { SqlToken } from '../sql-tokens';

/** One SQL file of an application. */
export interface SqlFile {
  /** Inside the application's folder: `detections/heat.sql`. */
  readonly path: string;
  readonly sql: string;
  readonly tokens: readonly SqlToken[];
}

/** What checks look at. */
export interface Checked {
  readonly definition: Definition;
  /** `application.json`, with lines. */
  readonly json: JsonWithLines;
  readonly files: readonly SqlFile[];
}

/** A place in one of the files, and what is wrong there. */
export type Finding = Omit<Problem, 'code'>;

/** One rule about an application's files: pure, with one code that stays the same for good. */
export interface Check {
  readonly code: string;
  /** One line: why the rule is there. */
  readonly help: string;
  /** `run`: what breaks it cannot run, and every command refuses it. `review`: it runs, and `validate` refuses it. */
  readonly stops: 'run' | 'review';
  find(checked: Checked): Finding[];
}

/** A finding in an SQL file of the application. */
export function inFile({ definition }: Checked, file: SqlFile, line: number, message: string): Finding {
  return { file: `${definition.name}/${file.path}`, line, message };
}

/** A finding at a member of `application.json`. */
export function inJson({ definition, json }: Checked, path: readonly string[], message: string): Finding {
  return { file: `${definition.name}/application.json`, line: json.lineOf(path), message };
}

/** The files that hold a detection each. */
export function detections({ files }: Checked): SqlFile[] {
  return files.filter(({ path }) => path.startsWith('detections/'));
}
