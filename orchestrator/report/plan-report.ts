import type { Change, Plan, RolloutKind, Verdict } from '../plan/plan';
import { releaseOfKey } from '../release/build-release';
import type { Paint } from './paint';
import { sqlDiff } from './sql-diff';
import { backtestOffer } from '../plan/backtest-offer';
import { stepText } from './step-text';
import { columns, pairs } from './table';

/** The JSON document of `plan --json`. */
export function planJson(plan: Plan): object {
  return { schemaVersion: 1, command: 'plan', plan };
}

/**
 * A plan for people: what differs and how bad it is, how it is brought in and what that costs.
 *
 * @param next the command line that performs it
 */
export function planText(plan: Plan, next: string, paint: Paint): string {
  const parts = [title(plan, paint), notices(plan, paint)];
  if (plan.steps.length === 0) return filled([...parts, 'nothing to do: it runs as its files say\n']);
  parts.push(
    parameterTable(plan, paint),
    changeList(plan.changes, paint),
    sql(plan, paint),
    rolloutPart(plan, paint),
    section('steps', plan.steps.map((step, at) => `  ${at + 1}  ${stepText(step)}\n`).join(''), paint),
    offer(plan),
    `next: ${paint('bold', next)}\n`,
  );
  return filled(parts);
}

/** A changed limit can be tried on what was, before it acts on what comes. */
function offer(plan: Plan): string {
  const command = backtestOffer(plan);
  return command === undefined ? '' : `who that would have found: ${command}\n`;
}

function title({ application, environment, observed, previousGeneration }: Plan, paint: Paint): string {
  const name = paint('bold', `${application} (${environment})`);
  if (observed === null) return `${name} is not there yet\n`;
  const release = releaseOfKey(observed.settings.codeKey)?.hash ?? observed.settings.codeKey;
  const generation = previousGeneration === null ? '' : `, generation ${previousGeneration}`;
  return `${name} has release ${release} as version ${observed.version}${generation}, ${observed.status}\n`;
}

function notices({ notices: found }: Plan, paint: Paint): string {
  return found.map(({ code, message }) => `${paint('yellow', `! ${message}`)} [${code}]\n`).join('');
}

/** What a person sets, beside what runs. */
function parameterTable({ observed, desired, changes }: Plan, paint: Paint): string {
  const changed = changes.flatMap(({ what }) => /^parameter (.+)$/.exec(what)?.[1] ?? []);
  const names = observed === null ? Object.keys(desired.parameters) : changed;
  if (names.length === 0) return '';
  const rows = names.map((name) => [
    `  ${name}`,
    observed?.settings.parameters[name] ?? '-',
    desired.parameters[name] ?? '-',
  ]);
  const others = Object.keys(desired.parameters).filter((name) => !names.includes(name)).length;
  const more = others === 0 ? '' : paint('dim', `  ${others} others as they are\n`);
  const [heading = '', ...lines] = columns(['parameters', 'runs', 'wanted'], rows).split('\n');
  return `${[paint('bold', heading), ...lines].join('\n')}\n${more}`;
}

function changeList(changes: readonly Change[], paint: Paint): string {
  const lines = changes.map(({ what, from, to, verdict, code, reason, reverse }) => {
    const values = from === undefined && to === undefined ? '' : `  ${from ?? '(none)'} -> ${to ?? '(none)'}`;
    const judged = verdict === 'none' ? 'no restart' : verdict;
    return (
      `  ${what}${values}  ${paint(colourOf(verdict), judged)} [${code}]\n` +
      `${pairs(
        [
          ['why', reason],
          ['back', reverse],
        ],
        '    ',
      )}\n`
    );
  });
  return section('changes', lines.join(''), paint);
}

function sql({ sql: { from, to } }: Plan, paint: Paint): string {
  if (from === null || to === null) return '';
  return section('SQL', sqlDiff(from, to, paint), paint);
}

function rolloutPart({ rollout, cost, alternatives, application, environment }: Plan, paint: Paint): string {
  const others = alternatives.map((kind) => `${kind}: ${WAYS[kind]} (--rollout ${kind})`);
  const rows: [string, string][] = [
    ['how', way(rollout, cost)],
    ['pause', cost.pauseSeconds === 0 ? 'none' : `about ${cost.pauseSeconds} s at most without an answer`],
    [
      'replay',
      cost.replaySeconds === 0 ? 'nothing is read again' : `${cost.replaySeconds} s of usage are read again`,
    ],
    ['money', moneyText(rollout, cost.extraUsd)],
    ...others.map((text): [string, string] => ['or', text]),
    ...(UNDONE_BY_ROLLBACK.includes(rollout)
      ? [['undo', `spillway rollback ${application} --env ${environment}`] as [string, string]]
      : []),
  ];
  return `${paint('bold', `rollout ${rollout}`)}\n${pairs(rows, '  ')}\n`;
}

function moneyText(rollout: RolloutKind, extraUsd: number | null): string {
  if (extraUsd === 0) return 'nothing beside what runs';
  const amount =
    extraUsd === null
      ? 'a second application, at a price that is not known for this region'
      : `${extraUsd.toFixed(3)} USD`;
  return `${amount}${rollout === 'shadow' ? ' an hour' : ''} for what runs beside it`;
}

const UNDONE_BY_ROLLBACK: readonly RolloutKind[] = ['restart', 'replay', 'handover'];

/** A replay that reads nothing again is that of a definition which cannot be told where to begin. */
function way(rollout: RolloutKind, { replaySeconds }: Plan['cost']): string {
  if (rollout !== 'replay' || replaySeconds > 0) return WAYS[rollout];
  return 'state is dropped and heat counted anew: what comes until it runs again is missed';
}

const WAYS: Readonly<Record<RolloutKind, string>> = {
  none: 'nothing is done',
  create: 'a first start with an empty state',
  start: 'what stands as wanted is started',
  settings: 'without a restart',
  restart: 'state is carried over: snapshot, update, restore',
  replay: 'state is dropped and the window read again, so that nothing is missed',
  handover: 'a second application warms up beside the first and takes over at one second',
  shadow: 'a second application runs beside the first, and nobody acts on what it says',
};

function colourOf(verdict: Verdict): 'red' | 'green' | 'dim' {
  if (verdict === 'incompatible') return 'red';
  return verdict === 'compatible' ? 'green' : 'dim';
}

function section(heading: string, text: string, paint: Paint): string {
  return text === '' ? '' : `${paint('bold', heading)}\n${text}`;
}

function filled(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}
