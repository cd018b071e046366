/** One line of a log: what happened, as a stable word, and what is needed to understand it. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  /** A stable word to search and count, such as `no-subject`. */
  readonly event: string;
  /** One sentence for people: what, where, and what to do. */
  readonly message: string;
  readonly [detail: string]: unknown;
}

export type Log = (line: LogLine) => void;

/** Writes each line as JSON to the standard error, which Lambda sends to CloudWatch Logs. */
export const logToConsole: Log = (line) => {
  console.warn(JSON.stringify(line));
};
