import { releaseOfKey } from '../release/build-release';
import type { Gate } from '../rollout/gates';
import type { ObservedApplication } from '../service/application';
import type { HistoryEntry, Lock, RolloutRecord } from '../service/control';
import type { JobHealth } from '../service/flink-job';
import { type FiguresReport, figuresJson, figuresText } from './figures-report';
import { pairs } from './table';

/** An environment as it stands. */
export interface StatusReport {
  environment: string;
  applications: readonly ApplicationStatusReport[];
  suspensions: FiguresReport;
}

/** One application as it stands. */
export interface ApplicationStatusReport {
  application: string;
  environment: string;
  /** Of its two applications in the service, the live one. */
  serviceName: string;
  /** Undefined where it was never applied. */
  observed: ObservedApplication | undefined;
  /** Undefined where it does not run. */
  job: JobHealth | undefined;
  gates: readonly Gate[];
  /** Of what runs. */
  generation: number | undefined;
  /** What a passing status is about, and what to do where it does not end. */
  busy: string | undefined;
  /** What the control table tells; undefined where it cannot be read. */
  control: ControlStatus | undefined;
  /** Why something is not told, one sentence each. */
  notes: readonly string[];
}

/** Who changes the application, and who did last. */
export interface ControlStatus {
  lock: Lock | undefined;
  /** A rollout that was begun and is not over. */
  rollout: RolloutRecord | undefined;
  last: HistoryEntry | undefined;
}

/** For people. */
export function statusText({ environment, applications, suspensions }: StatusReport): string {
  return [...applications.map(one), figuresText(suspensions, environment)].join('\n');
}

function one(report: ApplicationStatusReport): string {
  const { application, environment, observed, notes } = report;
  const title = `${application} (${environment})`;
  const noted = notes.map((note) => `  note: ${note}\n`).join('');
  if (observed === undefined) {
    const create = `create it with \`spillway apply ${application} --env ${environment}\``;
    return `${title} is not there: ${create}\n${noted}`;
  }
  const parameters = Object.entries(observed.parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${title}\n${pairs(rows(report, observed), '  ')}\n  parameters\n${pairs(parameters, '    ')}\n${noted}`;
}

/** The rows of one application that is there. */
function rows(report: ApplicationStatusReport, observed: ObservedApplication): [string, string][] {
  const { job, gates, generation, busy, control } = report;
  const { lock, rollout, last } = control ?? {};
  return [
    ['status', `${observed.status}, version ${observed.version}`],
    ...optional('busy', busy),
    ...optional('generation', generation?.toString()),
    ['release', releaseOfKey(observed.codeKey)?.hash ?? `${observed.codeKey} (not made by spillway)`],
    ['runtime', `${observed.runtime}, parallelism ${observed.parallelism}`],
    ...optional('rollout', rollout && rolloutText(rollout, lock)),
    ...optional('lock', lock && `held by ${lock.holder} since ${lock.since.toISOString()}: ${lock.purpose}`),
    ...optional('last change', last && lastText(last)),
    ...gates.map(({ name, holds, detail }): [string, string] => [name, `${holds ? 'yes' : 'NO'}: ${detail}`]),
    ...optional('job', job?.jobId),
  ];
}

/** One that is held by nobody was interrupted. */
function rolloutText(
  { plan, startedAt, startedBy, direction, step }: RolloutRecord,
  lock: Lock | undefined,
): string {
  const kind = plan.steps[step]?.kind;
  const where = `step ${step + 1} of ${plan.steps.length}${kind === undefined ? '' : ` (${kind})`}`;
  const back = direction === 'back' ? ', on its way back' : '';
  const what = `${plan.rollout} by ${startedBy} since ${startedAt.toISOString()}${back}`;
  return lock === undefined
    ? `${what} stopped at ${where}: \`spillway apply\` finishes it or takes it back`
    : `${what} is at ${where}`;
}

function lastText({ at, who, action, rollout, outcome, changes }: HistoryEntry): string {
  const what = rollout === 'none' ? action : `${action} (${rollout})`;
  const of = changes.length === 0 ? '' : `: ${changes.join('; ')}`;
  return `${what} by ${who} at ${at.toISOString()}, ${outcome}${of}`;
}

function optional(left: string, right: string | undefined): [string, string][] {
  return right === undefined ? [] : [[left, right]];
}

/** The JSON document of `status --json`. */
export function statusJson({ environment, applications, suspensions }: StatusReport): object {
  return {
    schemaVersion: 1,
    command: 'status',
    environment,
    suspensions: figuresJson(suspensions),
    applications: applications.map((report) => ({
      application: report.application,
      environment: report.environment,
      serviceName: report.serviceName,
      exists: report.observed !== undefined,
      ...(report.observed !== undefined && {
        status: report.observed.status,
        version: report.observed.version,
        release: releaseOfKey(report.observed.codeKey)?.hash ?? null,
        runtime: report.observed.runtime,
        parallelism: report.observed.parallelism,
        parameters: report.observed.parameters,
      }),
      generation: report.generation ?? null,
      busy: report.busy ?? null,
      job: report.job ?? null,
      gates: report.gates,
      ...controlJson(report.control),
      notes: report.notes,
    })),
  };
}

function controlJson(control: ControlStatus | undefined): object {
  const { lock, rollout, last } = control ?? {};
  return {
    lock: lock === undefined ? null : { ...lock, token: undefined },
    rollout:
      rollout === undefined
        ? null
        : {
            id: rollout.plan.id,
            kind: rollout.plan.rollout,
            startedAt: rollout.startedAt,
            startedBy: rollout.startedBy,
            direction: rollout.direction,
            step: rollout.step,
            steps: rollout.plan.steps.length,
            interrupted: lock === undefined,
          },
    lastChange: last ?? null,
  };
}
