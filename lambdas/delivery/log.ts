import { Logger } from '@aws-lambda-powertools/logger';

/** One line of a log: what happened, as a stable word, and what is needed to understand it. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  /** A stable word to search and count, such as `no-subject`. */
  readonly event: string;
  /** One sentence for people: what, where, and what to do. */
  readonly message: string;
  /**
   * What one thing is called on its whole way, to find all lines about it: a suspension request's id, or in the
   * estimator, where there are only changes, the batch's id, which each usage record carries as `batch`.
   */
  readonly traceId?: string;
  readonly [detail: string]: unknown;
}

export type Log = (line: LogLine) => void;

/**
 * A function's log: each line as JSON, by Powertools, with `service`, `timestamp` and `level`. How much is written is set
 * by Lambda's own log level or POWERTOOLS_LOG_LEVEL.
 */
export function functionLog(service: string): Log {
  const logger = new Logger({ serviceName: service });
  return ({ level, message, ...details }) => {
    logger[level](message, details);
  };
}
