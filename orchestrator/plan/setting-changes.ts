import type { ApplicationSettings } from '../service/application';
import type { Change } from './plan';

type Texts = Readonly<Record<string, string>>;

interface SettingRule {
  what: string;
  of(settings: ApplicationSettings): string | number;
  judge(from: ApplicationSettings, to: ApplicationSettings): Pick<Change, 'verdict' | 'code' | 'reason'>;
}

const restarts = (code: string, reason: string) => () => ({ verdict: 'compatible' as const, code, reason });

/** Every setting but the code and the parameters, which the files and the compiled plans judge. */
const RULES: readonly SettingRule[] = [
  {
    what: 'runtime',
    of: ({ runtime }) => runtime,
    judge: () => ({
      verdict: 'incompatible',
      code: 'runtime',
      reason:
        'Flink promises no state of SQL across its versions: another planner may plan the same SQL otherwise',
    }),
  },
  {
    what: 'service role',
    of: ({ serviceRole }) => serviceRole,
    judge: restarts('service-role', 'no state depends on it'),
  },
  {
    what: 'code bucket',
    of: ({ bucket }) => bucket,
    judge: restarts('code-bucket', 'where the release lies says nothing about its state'),
  },
  { what: 'parallelism', of: ({ parallelism }) => parallelism, judge: judgeParallelism },
  {
    what: 'parallelism per KPU',
    of: ({ parallelismPerKpu }) => parallelismPerKpu,
    judge: restarts('capacity', 'the tasks are the same, on other machines'),
  },
  {
    what: 'checkpoint interval, s',
    of: ({ checkpointIntervalSeconds }) => checkpointIntervalSeconds,
    judge: restarts('checkpoint-interval', 'how often state is kept does not change it'),
  },
];

/** The settings that differ. */
export function settingChanges(from: ApplicationSettings, to: ApplicationSettings): Change[] {
  return RULES.filter(({ of }) => of(from) !== of(to)).map(({ what, of, judge }) => ({
    what,
    from: String(of(from)),
    to: String(of(to)),
    ...judge(from, to),
    reverse: `set it to ${of(from)} again and apply`,
  }));
}

/** Wanted tags that are missing or have another value. */
export function tagChanges(from: Texts, to: Texts): Change[] {
  return Object.entries(to)
    .filter(([name, text]) => from[name] !== text)
    .map(([name, text]) => ({
      what: `tag ${name}`,
      ...(from[name] !== undefined && { from: from[name] }),
      to: text,
      verdict: 'none',
      code: 'tag',
      reason: 'the job does not see it',
      reverse:
        from[name] === undefined ? 'remove it in the console' : `set it to ${from[name]} again and apply`,
    }));
}

function judgeParallelism(
  from: ApplicationSettings,
  to: ApplicationSettings,
): Pick<Change, 'verdict' | 'code' | 'reason'> {
  const most = maxParallelism(from.parallelism);
  if (to.parallelism <= most) {
    return {
      verdict: 'compatible',
      code: 'capacity',
      reason: `Flink spreads the state over up to ${most} tasks`,
    };
  }
  return {
    verdict: 'incompatible',
    code: 'max-parallelism',
    reason: `the state was made for at most ${most} tasks`,
  };
}

/** Flink's own choice where none is set (KeyGroupRangeAssignment.computeDefaultMaxParallelism). */
export function maxParallelism(parallelism: number): number {
  const half = parallelism + Math.floor(parallelism / 2);
  return Math.min(Math.max(2 ** Math.ceil(Math.log2(half)), 128), 32_768);
}
