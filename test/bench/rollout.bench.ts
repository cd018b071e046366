import { startLocalSystem } from '../../infra/local/system';
import { spillway } from '../end-to-end/throttle';
import { atMost, type Aim, type BenchResult, exactly } from './bench';
import { type Outcome, runScenario } from './rollout/run-scenario';
import { type Scenario, scenarios, type Windows } from './rollout/scenario';

/**
 * The windows of the bench: short ones, so that it takes a quarter of an hour; with SPILLWAY_FULL=1 those of two and five
 * minutes. Nothing but the waiting depends on them.
 */
const windows: Windows =
  process.env['SPILLWAY_FULL'] === '1' ? { short: 120, long: 300 } : { short: 20, long: 50 };
/** So many at a time: each needs up to two jobs. */
const AT_A_TIME = 2;

/** Changes of a running application under steady load, by each rollout that misses nothing and naively. */
export async function bench(): Promise<BenchResult> {
  const system = await startLocalSystem({ flink: { taskSlots: 4 * AT_A_TIME, taskHeapMb: 1_024 } });
  const chosen = scenarios.filter(({ change, way }) =>
    `${change} ${way}`.includes(process.env['SPILLWAY_SCENARIO'] ?? ''),
  );
  const outcomes: Outcome[] = [];
  try {
    // The first plan makes the JVM's archive of classes; several first ones at once starve each other.
    await spillway(['validate', 'throttle', '--plan'], system.environment);
    const left = chosen.map((scenario, i) => ({ scenario, name: `rollout-${i}` }));
    const work = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const { scenario, name } = next;
        const say = (line: string): void => void process.stderr.write(`${title(scenario)}: ${line}\n`);
        outcomes.push(await runScenario(system, scenario, windows, name, say));
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
  } finally {
    await system.stop();
  }
  outcomes.sort((a, b) => scenarios.findIndex(same(a)) - scenarios.findIndex(same(b)));
  return {
    bench: 'rollout',
    aims: outcomes.filter(({ way }) => way !== 'naive').flatMap(aimsOf),
    details: { windows, outcomes },
  };
}

function aimsOf(outcome: Outcome): Aim[] {
  const { judgement, suspendedTwice, notSuspended, way } = outcome;
  const name = title(outcome);
  const quiet = Math.max(0, outcome.silenceAfterSeconds - Math.max(3, outcome.silenceBeforeSeconds));
  return [
    exactly(`${name}: excesses missed`, 0, judgement.missed.length, 'times above the limit'),
    exactly(`${name}: false excesses`, 0, judgement.falsely.length, 'excesses'),
    exactly(`${name}: incomplete totals`, 0, judgement.incomplete.length, 'seconds'),
    exactly(`${name}: duplicated suspensions`, 0, suspendedTwice.length, 'subjects'),
    exactly(`${name}: heard and not suspended`, 0, notSuspended.length, 'subjects'),
    ...(way === 'handover' ? [atMost(`${name}: seconds without detection`, 0, quiet, 's')] : []),
  ];
}

function title({ change, way }: Scenario): string {
  return `${change}, ${way}`;
}

function same(one: Scenario): (other: Scenario) => boolean {
  return ({ change, way }) => change === one.change && way === one.way;
}
