import { releaseOfKey } from '../release/build-release';
import type { Gate } from '../rollout/gates';
import type { ObservedApplication } from '../service/application';
import type { JobHealth } from '../service/flink-job';
import { pairs } from './table';

/** One application as it stands. */
export interface ApplicationStatusReport {
  application: string;
  environment: string;
  serviceName: string;
  /** Undefined where it was never applied. */
  observed: ObservedApplication | undefined;
  /** Undefined where it does not run. */
  job: JobHealth | undefined;
  gates: readonly Gate[];
}

/** For people. */
export function statusText(reports: readonly ApplicationStatusReport[]): string {
  return reports.map(one).join('\n');
}

function one({ application, environment, observed, job, gates }: ApplicationStatusReport): string {
  const title = `${application} (${environment})`;
  if (observed === undefined) {
    return `${title} is not there: create it with \`spillway apply ${application} --env ${environment}\`\n`;
  }
  const rows: [string, string][] = [
    ['service name', observed.name],
    ['status', `${observed.status}, version ${observed.version}`],
    ['release', releaseOfKey(observed.codeKey)?.hash ?? `${observed.codeKey} (not made by spillway)`],
    ['runtime', `${observed.runtime}, parallelism ${observed.parallelism}`],
    ...gates.map(({ name, holds, detail }): [string, string] => [name, `${holds ? 'yes' : 'NO'}: ${detail}`]),
    ...(job === undefined ? [] : [['job', job.jobId] as [string, string]]),
  ];
  const parameters = Object.entries(observed.parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${title}\n${pairs(rows, '  ')}\n  parameters\n${pairs(parameters, '    ')}\n`;
}

/** The JSON document of `status --json`. */
export function statusJson(reports: readonly ApplicationStatusReport[]): object {
  return {
    schemaVersion: 1,
    command: 'status',
    applications: reports.map(({ application, environment, serviceName, observed, job, gates }) => ({
      application,
      environment,
      serviceName,
      exists: observed !== undefined,
      ...(observed !== undefined && {
        status: observed.status,
        version: observed.version,
        release: releaseOfKey(observed.codeKey)?.hash ?? null,
        runtime: observed.runtime,
        parallelism: observed.parallelism,
        parameters: observed.parameters,
      }),
      job: job ?? null,
      gates,
    })),
  };
}
