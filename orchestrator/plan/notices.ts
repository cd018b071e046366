import { releaseOfKey } from '../release/build-release';
import type { ApplicationSettings } from '../service/application';
import { gravestVerdict } from './attribute-verdicts';
import { kpus, PRICE } from './cost';
import type { Change, Plan, RolloutKind } from './plan';
import type { PlanInput } from './plan-input';
import { ROLLOUT_PARAMETERS, withoutRolloutParameters } from './rollout-parameters';
import { settingChanges } from './setting-changes';
import { lookBackSeconds, MARGIN_SECONDS, type Situation } from './situation';

type Notice = Plan['notices'][number];

/** An application keeps a thousand (Managed Flink's quotas). */
const SNAPSHOT_LIMIT = 1000;
const SNAPSHOTS_NEAR_LIMIT = 900;

/** What a person should know before anything is done. Pure. */
export function noticesOf(rollout: RolloutKind, changes: readonly Change[], situation: Situation): Notice[] {
  const { input } = situation;
  return [
    ...underWay(input),
    ...interrupted(input),
    ...statusNotices(input),
    ...drift(input),
    ...unknownRelease(input),
    ...snapshotsNearLimit(input),
    ...besideIt(input, situation),
    ...stateLost(rollout, changes, situation),
    ...assumed(rollout, situation),
    ...retention(rollout, situation),
    ...shadowPrice(rollout, input),
  ];
}

function underWay({ lock, now, rollout }: PlanInput): Notice[] {
  if (lock === undefined || lock.until.getTime() <= now.getTime()) return [];
  const step = rollout === undefined ? '' : `, at ${stepOf(rollout)}`;
  const message = `${lock.holder} holds the lock since ${time(lock.since)} for ${lock.purpose}${step}: an apply is refused until that ends`;
  return [{ code: 'rollout-under-way', message }];
}

function interrupted({ rollout, lock, now, wanted }: PlanInput): Notice[] {
  if (rollout === undefined || (lock !== undefined && lock.until.getTime() > now.getTime())) return [];
  const { startedBy, startedAt, plan, direction } = rollout;
  const same =
    direction === 'forward' &&
    plan.releaseHash === wanted.releaseHash &&
    sameSettings(plan.desired, withoutRolloutParameters(wanted.settings));
  const next = same
    ? 'the next apply finishes it'
    : direction === 'back'
      ? 'the next apply takes it back to the end, then plans anew'
      : 'what is wanted has changed since: the next apply takes it back, then plans anew';
  return [
    {
      code: 'rollout-interrupted',
      message: `a rollout by ${startedBy} from ${time(startedAt)} stopped before ${stepOf(rollout)}: ${next}`,
    },
  ];
}

function statusNotices({ observed, application }: PlanInput): Notice[] {
  const { live, operations, jobState } = observed;
  if (live === undefined) return [];
  const failed = operations[0]?.status === 'FAILED' ? operations[0] : undefined;
  const notices: Notice[] =
    failed === undefined
      ? []
      : [
          {
            code: 'operation-failed',
            message: `its last operation, ${failed.kind} of ${time(failed.startedAt)}, failed`,
          },
        ];
  switch (live.status) {
    case 'RUNNING':
      if (jobState === undefined || jobState === 'RUNNING') return notices;
      return [
        ...notices,
        {
          code: 'job-failing',
          message: `the service says RUNNING, but Flink's job is ${jobState}: see \`spillway status ${application}\`. A job that fails gives no snapshot`,
        },
      ];
    case 'READY':
    case 'ROLLED_BACK':
      return [...notices, { code: 'application-stopped', message: `it does not run (${live.status})` }];
    case 'MAINTENANCE':
      return [
        ...notices,
        {
          code: 'maintenance',
          message: 'the service maintains it at this moment: an apply waits until that ends',
        },
      ];
    case 'DELETING':
    case 'STARTING':
    case 'STOPPING':
    case 'UPDATING':
    case 'AUTOSCALING':
    case 'FORCE_STOPPING':
    case 'ROLLING_BACK':
      return [
        ...notices,
        {
          code: 'application-busy',
          message: `it is ${live.status}: an apply waits until that ends, and refuses this plan if it moved`,
        },
      ];
  }
}

/** What was changed past spillway since its last rollout, as far as the history tells. */
function drift({ observed, history, rollout }: PlanInput): Notice[] {
  const { live } = observed;
  const last = history.find(({ outcome }) => outcome !== 'failed');
  if (live === undefined || last === undefined || rollout !== undefined) return [];
  const left = last.settings === undefined ? undefined : driftOf(last.settings, live);
  const since = `since ${last.who} changed it last (${last.action} of ${time(last.at)})`;
  if (left !== undefined && left.length > 0) {
    const message = `changed past spillway, such as in the console, ${since}: ${left.join('; ')}. This plan undoes what differs from the files`;
    return [{ code: 'drift', message }];
  }
  if (last.version === undefined || last.version === live.version) return [];
  const message = `it is at version ${live.version}, not ${last.version}: someone changed it past spillway ${since}${left === undefined ? '' : ', and nothing that spillway compares'}`;
  return [{ code: 'drift', message }];
}

function driftOf(from: ApplicationSettings, to: ApplicationSettings): string[] {
  const release = from.codeKey === to.codeKey ? [] : [`release ${from.codeKey} -> ${to.codeKey}`];
  const settings = settingChanges(from, to).map((one) => `${one.what} ${one.from ?? ''} -> ${one.to ?? ''}`);
  const names = [...new Set([...Object.keys(from.parameters), ...Object.keys(to.parameters)])].sort();
  const parameters = names
    .filter((name) => !ROLLOUT_PARAMETERS.includes(name) && from.parameters[name] !== to.parameters[name])
    .map(
      (name) =>
        `parameter ${name} ${from.parameters[name] ?? '(none)'} -> ${to.parameters[name] ?? '(none)'}`,
    );
  return [...release, ...settings, ...parameters];
}

function unknownRelease({ observed }: PlanInput): Notice[] {
  const { live, deployed } = observed;
  if (live === undefined || deployed !== undefined) return [];
  const why =
    releaseOfKey(live.codeKey) === undefined
      ? 'was not made by spillway'
      : 'is not in the code bucket any more, or holds no application';
  return [
    { code: 'release-unknown', message: `what runs (${live.codeKey}) ${why}: its SQL cannot be compared` },
  ];
}

function snapshotsNearLimit({ observed, application }: PlanInput): Notice[] {
  const count = observed.snapshots.length;
  if (count < SNAPSHOTS_NEAR_LIMIT) return [];
  const message = `it has ${count} snapshots of at most ${SNAPSHOT_LIMIT}; without room for one more no update is done: \`spillway snapshots delete ${application}\``;
  return [{ code: 'snapshots-near-limit', message }];
}

function besideIt({ observed, generations }: PlanInput, { freeSlot }: Situation): Notice[] {
  if (observed.free === undefined || observed.free.status === 'READY') return [];
  const last = generations.generations.filter(({ slot }) => slot === freeSlot).at(-1);
  const what =
    last?.shadow === true ? `the shadow of generation ${last.generation}` : 'another release of it';
  return [
    { code: 'runs-beside', message: `${what} runs beside it; a handover or a new shadow takes its place` },
  ];
}

function stateLost(rollout: RolloutKind, changes: readonly Change[], situation: Situation): Notice[] {
  const { rolloutParameters, input } = situation;
  if (rollout !== 'replay' || rolloutParameters || gravestVerdict(changes) !== 'incompatible') return [];
  const message =
    `${input.application} does not declare the parameters generation, cutover, start and start_at, so that it cannot read ` +
    'again what it saw: its state is dropped, and what comes until it runs again is missed';
  return [{ code: 'state-lost', message }];
}

function assumed(rollout: RolloutKind, { finished, rolloutParameters }: Situation): Notice[] {
  if (rollout !== 'replay' || finished === undefined || !rolloutParameters) return [];
  const until = time(new Date(finished.second * 1000));
  return [
    {
      code: 'finished-assumed',
      message: `it does not run, so that nobody can ask it how far it got: it is taken to have finished ${until}, because ${finished.assumed}`,
    },
  ];
}

/** Seconds of the usage stream that a rollout reads again and that the stream no longer keeps. */
export function missingSeconds(rollout: RolloutKind, situation: Situation): number {
  const { replaySeconds, rolloutParameters, input, state, finished } = situation;
  const keptSeconds = input.usageRetentionSeconds;
  if (!rolloutParameters) return 0;
  if (rollout === 'replay' || rollout === 'handover' || rollout === 'shadow') {
    return Math.max(0, replaySeconds - keptSeconds);
  }
  if (state.kind !== 'of this version' || finished === undefined) return 0;
  return Math.max(0, Math.floor(input.now.getTime() / 1000) - finished.second - keptSeconds);
}

function retention(rollout: RolloutKind, situation: Situation): Notice[] {
  const { lookBack, rolloutParameters, input } = situation;
  const keptSeconds = input.usageRetentionSeconds;
  const missing = missingSeconds(rollout, situation);
  if (missing > 0) {
    const message = `the usage stream keeps ${keptSeconds} s: the first ${missing} s of what would have to be read are gone, and excesses in them are missed`;
    return [{ code: 'gap', message }];
  }
  const needed = lookBackSeconds(lookBack) + 2 * MARGIN_SECONDS;
  if (!rolloutParameters || needed <= keptSeconds) return [];
  const message = `the usage stream keeps ${keptSeconds} s, but a replay or handover has to read ${needed} s again: keep it longer, or the window shorter`;
  return [{ code: 'retention-short', message }];
}

function shadowPrice(rollout: RolloutKind, { wanted }: PlanInput): Notice[] {
  if (rollout !== 'shadow') return [];
  const message = `the shadow takes ${kpus(wanted.settings)} KPUs until it is stopped (prices of ${PRICE.readAt})`;
  return [{ code: 'shadow-price', message }];
}

function stepOf({ plan, step, direction }: NonNullable<PlanInput['rollout']>): string {
  const kind = plan.steps[step]?.kind;
  const way = direction === 'back' ? ' on its way back' : '';
  return `step ${step + 1} of ${plan.steps.length}${kind === undefined ? '' : ` (${kind})`}${way}`;
}

function sameSettings(one: ApplicationSettings, other: ApplicationSettings): boolean {
  return driftOf(one, other).length === 0;
}

function time(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
