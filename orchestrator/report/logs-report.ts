/** One line of what happened. */
export interface LogLine {
  at: Date;
  /** The service's operations, Flink's exceptions, or the application's log. */
  source: 'service' | 'flink' | 'log';
  /** As its source has it; empty where it has none. */
  level: string;
  text: string;
  stackTrace?: string;
}

export interface LogsReport {
  application: string;
  environment: string;
  since: Date;
  /** By time, the latest last. */
  lines: readonly LogLine[];
  /** Why a source has nothing, one sentence each. */
  notes: readonly string[];
}

/** For people. */
export function logsText(report: LogsReport, stackTraces: boolean): string {
  const { application, environment, since, lines, notes } = report;
  const none = `${application} (${environment}): nothing failed since ${since.toISOString()}`;
  const shown = lines.map(({ at, source, level, text, stackTrace }) => {
    const line = `${at.toISOString()}  ${source.padEnd(7)}  ${level === '' ? '' : `${level}  `}${text}`;
    return stackTraces && stackTrace !== undefined ? `${line}\n${stackTrace.replace(/^/gm, '    ')}` : line;
  });
  return `${[...(lines.length === 0 ? [none] : shown), ...notes.map((note) => `note: ${note}`)].join('\n')}\n`;
}

/** The JSON document of `logs --json`. */
export function logsJson({ application, environment, since, lines, notes }: LogsReport): object {
  return {
    schemaVersion: 1,
    command: 'logs',
    application,
    environment,
    since: since.toISOString(),
    lines: lines.map((line) => ({ ...line, at: line.at.toISOString() })),
    notes,
  };
}
