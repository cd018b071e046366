import type { HistoryLine } from '../rollout/merge-history';
import { columns } from './table';

export interface HistoryReport {
  application: string;
  environment: string;
  /** The newest first. */
  lines: readonly HistoryLine[];
}

/** For people. */
export function historyText({ application, environment, lines }: HistoryReport): string {
  if (lines.length === 0) return `${application} (${environment}) has no history yet\n`;
  const heading = ['when', 'who', 'what', 'verdict', 'generation', 'outcome', 'changes'];
  return `${columns(heading, lines.map(row))}\n`;
}

function row(line: HistoryLine): string[] {
  const at = line.at.toISOString().replace(/\.\d+Z$/, 'Z');
  if (line.kind === 'service') {
    const { kind, status } = line.operation;
    return [at, 'not by spillway', kind, '', '', status.toLowerCase(), ''];
  }
  const { who, action, rollout, verdict, generation, outcome, reason, changes } = line.entry;
  const what = rollout === 'none' ? action : `${action}: ${rollout}`;
  // A reason can be a stack of lines; the first says what.
  const why = reason === undefined ? outcome : `${outcome}: ${reason.split('\n')[0] ?? ''}`;
  const shownVerdict = verdict === 'none' ? '' : verdict;
  return [at, who, what, shownVerdict, String(generation), why, changes.join('; ')];
}

/** The JSON document of `history --json`. */
export function historyJson({ application, environment, lines }: HistoryReport): object {
  return {
    schemaVersion: 1,
    command: 'history',
    application,
    environment,
    lines: lines.map((line) =>
      line.kind === 'command'
        ? { ...line.entry, kind: line.kind, at: line.at.toISOString() }
        : {
            kind: line.kind,
            at: line.at.toISOString(),
            operation: line.operation.kind,
            status: line.operation.status,
          },
    ),
  };
}
