import type { HourFigures } from '../../lambdas/contracts/operator';
import { columns } from './table';

/** The two figures by the hour, the oldest hour first; or why they are not known, in one sentence. */
export type FiguresReport =
  { readonly hours: readonly HourFigures[] } | { readonly hours: undefined; readonly note: string };

const titles = ['HOUR (UTC)', 'SUBJECTS SUSPENDED', 'REQUESTS PREVENTED', 'SIMULATED'];

/** For people: the running hour, and of those before it the ones in which something happened, the newest first. */
export function figuresText(report: FiguresReport, environment: string): string {
  const title = `suspensions (${environment})`;
  if (report.hours === undefined) return `${title}: not known: ${report.note}\n`;
  const [now, ...before] = [...report.hours].reverse();
  const shown = [...(now === undefined ? [] : [now]), ...before.filter(happened)];
  const rows = shown.map((one) => [
    hourText(one.hour),
    String(one.subjectsSuspended),
    String(one.requestsPrevented),
    String(one.subjectsSimulated),
  ]);
  const table = columns(titles, rows).replace(/^/gm, '  ');
  const quiet = before.length + 1 - shown.length;
  const rest =
    quiet === before.length
      ? `the ${quiet} hours before`
      : `the other ${quiet} of the last ${report.hours.length} hours`;
  return `${title}\n${table}\n${quiet === 0 ? '' : `  nothing in ${rest}\n`}`;
}

function happened({ subjectsSuspended, subjectsSimulated, requestsPrevented }: HourFigures): boolean {
  return subjectsSuspended + subjectsSimulated + requestsPrevented > 0;
}

function hourText(hour: number): string {
  return new Date(hour * 3_600_000).toISOString().replace(/:00\.000Z$/, 'Z');
}

/** As a part of a JSON document. */
export function figuresJson(report: FiguresReport): object {
  return report.hours === undefined
    ? { hours: null, note: report.note }
    : { hours: report.hours.map((one) => ({ begins: hourText(one.hour), ...one })), note: null };
}
