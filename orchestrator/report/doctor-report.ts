import type { Finding } from '../doctor/doctor-check';

/** A check and what it found. */
export interface Examined {
  code: string;
  help: string;
  findings: readonly Finding[];
}

export interface DoctorReport {
  environment: string;
  examined: readonly Examined[];
}

const MARKS = { ok: 'ok', wrong: 'WRONG', unknown: '?' } as const;

/** For people: what is wrong with its help and what to do. */
export function doctorText({ environment, examined }: DoctorReport): string {
  const width = Math.max(...examined.map(({ code }) => code.length));
  const lines = examined.flatMap(({ code, help, findings }) =>
    findings.flatMap(({ is, detail, next }) => [
      `${MARKS[is].padEnd(5)}  ${code.padEnd(width)}  ${detail}`,
      ...(is === 'wrong' ? [`       ${' '.repeat(width)}  why: ${help}`] : []),
      ...(next === undefined ? [] : [`       ${' '.repeat(width)}  do:  ${next}`]),
    ]),
  );
  return `${lines.join('\n')}\n${summary(environment, examined)}\n`;
}

function summary(environment: string, examined: readonly Examined[]): string {
  const all = examined.flatMap(({ findings }) => findings);
  const count = (is: Finding['is']): number => all.filter((finding) => finding.is === is).length;
  return `${environment}: ${count('ok')} ok, ${count('wrong')} wrong, ${count('unknown')} could not be verified`;
}

/** The JSON document of `doctor --json`. */
export function doctorJson({ environment, examined }: DoctorReport): object {
  return { schemaVersion: 1, command: 'doctor', environment, checks: examined };
}
