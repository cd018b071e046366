import { createHash } from 'node:crypto';
import type { ApplicationSettings } from '../service/application';
import { type Cause, fileCause, judge, parameterCause, unexplained } from './attribute-verdicts';
import type { Change } from './plan';
import type { DeployedRelease, PlanVerdict, WantedApplication } from './plan-input';
import { ROLLOUT_PARAMETERS } from './rollout-parameters';

/** Only reads the SQL and submits it: it keeps no state. */
const WITHOUT_STATE = /^(spillway\/runner\/|META-INF\/)/;

/** What differs in the parameters, the files and the code of the release, each with what the compiled plans say. */
export function fileChanges(
  live: ApplicationSettings,
  deployed: DeployedRelease | undefined,
  wanted: WantedApplication,
  verdicts: readonly PlanVerdict[],
): Change[] {
  const parameters = parameterDifferences(live, wanted.settings);
  if (deployed === undefined) return unknownRelease(live, wanted, parameters);
  const files = fileDifferences(deployed, wanted);
  const causes = [
    ...parameters.map(({ name }) => parameterCause(name, [deployed.files, wanted.files])),
    // application.json reaches the SQL only through parameters and capacity, which are compared themselves.
    ...files.filter(({ path }) => path.endsWith('.sql')).map(({ what, path }) => fileCause(what, path)),
  ];
  const judged = (what: string): Pick<Change, 'verdict' | 'code' | 'reason'> =>
    judgement(
      causes.find((cause) => cause.what === what),
      causes,
      verdicts,
    );
  return [
    ...parameters.map(({ what, difference, reverse }) => ({ what, ...difference, ...judged(what), reverse })),
    ...files.map(({ what, difference, reverse, missing }) => {
      const said = judged(what);
      // A whole detection is never the same plan, whatever the comparison found.
      return {
        what,
        ...difference,
        ...(said.verdict === 'incompatible' ? said : (missing ?? said)),
        reverse,
      };
    }),
    ...codeChanges(live, deployed, wanted, unexplained(causes, verdicts), parameters.length + files.length),
  ];
}

interface Difference {
  what: string;
  difference: Pick<Change, 'from' | 'to'>;
  reverse: string;
}

function parameterDifferences(
  { parameters: from }: ApplicationSettings,
  { parameters: to }: ApplicationSettings,
): (Difference & { name: string })[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((name) => !ROLLOUT_PARAMETERS.includes(name) && from[name] !== to[name])
    .sort()
    .map((name) => ({
      name,
      what: `parameter ${name}`,
      difference: present(from[name], to[name]),
      reverse:
        from[name] === undefined ? 'remove it again and apply' : `set it to ${from[name]} again and apply`,
    }));
}

function fileDifferences(
  { files: from }: DeployedRelease,
  { files: to }: WantedApplication,
): (Difference & { path: string; missing: Pick<Change, 'verdict' | 'code' | 'reason'> | undefined })[] {
  return [...new Set([...from.keys(), ...to.keys()])]
    .filter((path) => from.get(path) !== to.get(path))
    .sort()
    .map((path) => ({
      path,
      what: path.replace(/^(detection|table)s\/(.+)\.sql$/, '$1 $2'),
      difference: present(digest(from.get(path)), digest(to.get(path))),
      reverse: from.has(path) ? `put ${path} back and apply` : `remove ${path} and apply`,
      missing: path.startsWith('detections/') ? oneSided(from.has(path), to.has(path)) : undefined,
    }));
}

function oneSided(before: boolean, after: boolean): Pick<Change, 'verdict' | 'code' | 'reason'> | undefined {
  if (before && after) return undefined;
  return before
    ? {
        verdict: 'incompatible',
        code: 'detection-removed',
        reason: 'its state has no place in the new job, and Flink refuses to leave it behind',
      }
    : {
        verdict: 'incompatible',
        code: 'detection-added',
        reason: 'it would begin with an empty window, and see nothing of what lies before its first second',
      };
}

function judgement(
  cause: Cause | undefined,
  causes: readonly Cause[],
  verdicts: readonly PlanVerdict[],
): Pick<Change, 'verdict' | 'code' | 'reason'> {
  return (
    (cause && judge(cause, causes, verdicts)) ?? {
      verdict: 'compatible',
      code: 'same-plan',
      reason: 'Flink plans the same job',
    }
  );
}

function codeChanges(
  live: ApplicationSettings,
  { changedCode }: DeployedRelease,
  { settings }: WantedApplication,
  unexplainedVerdicts: readonly PlanVerdict[],
  otherChanges: number,
): Change[] {
  const reverse = `apply with the spillway that made ${live.codeKey}`;
  const keys = { from: live.codeKey, to: settings.codeKey };
  const stateful = changedCode.filter((entry) => !WITHOUT_STATE.test(entry));
  const changes: Change[] = unexplainedVerdicts.map(({ verdict, code, reason, node }) => {
    return { what: `plan node ${node}`, verdict, code, reason, reverse };
  });
  if (stateful.length > 0) {
    const reason = `${some(stateful)} may keep state, and nothing proves that the new code reads the old one's`;
    changes.push({ what: 'code', ...keys, verdict: 'incompatible', code: 'code-changed', reason, reverse });
  } else if (changedCode.length > 0) {
    const reason = `only what reads the SQL and submits it differs (${some(changedCode)}); it keeps no state`;
    changes.push({ what: 'code', ...keys, verdict: 'compatible', code: 'runner-changed', reason, reverse });
  } else if (live.codeKey !== settings.codeKey && otherChanges === 0) {
    const reason = 'the same content has another name';
    changes.push({ what: 'release', ...keys, verdict: 'compatible', code: 'same-content', reason, reverse });
  }
  return changes;
}

function unknownRelease(
  live: ApplicationSettings,
  { settings }: WantedApplication,
  parameters: readonly Difference[],
): Change[] {
  const verdict = 'incompatible';
  const code = 'release-unknown';
  const reason = 'what runs cannot be read from the code bucket, so nothing tells whether its state fits';
  return [
    {
      what: 'release',
      ...present(live.codeKey, settings.codeKey),
      ...{ verdict, code, reason, reverse: 'cannot be undone by spillway: it does not have what runs' },
    },
    ...parameters.map(({ what, difference, reverse }): Change => {
      return { what, ...difference, verdict, code, reason, reverse };
    }),
  ];
}

function present(from: string | undefined, to: string | undefined): Pick<Change, 'from' | 'to'> {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function digest(text: string | undefined): string | undefined {
  return text && createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function some(names: readonly string[]): string {
  const [first = '', second] = names;
  if (names.length < 3) return second === undefined ? first : `${first} and ${second}`;
  return `${first} and ${names.length - 1} more`;
}
