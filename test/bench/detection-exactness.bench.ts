import { atLeast, type BenchResult, exactly } from './bench';
import { runOnFlink } from './flink-bench';
import { killTaskManagers } from './killed-task-manager';

const SEEDS = 24;
/** Of the traces over a local Kinesis, on a cluster whose TaskManager is killed as `kill -9` does. */
const KILLED = [31, 37];

/** What one detection stated over a trace, beside the truth. */
interface Compared {
  readonly missed: number;
  readonly wrong: number;
  readonly false: number;
  /** Statements before their second was closed. */
  readonly early: number;
  readonly episodesStartedBeyondLateness: number;
  readonly maxStartSeconds: number;
}

/** The same of the detection of shared keys, where a second may be stated early and in the end have one subject alone above. */
interface ComparedShared extends Compared {
  readonly excesses: number;
  readonly earlyAndInTheEndOneAlone: number;
}

/** One trace, as `spillway.bench.Exactness` prints it. */
export interface TraceResult {
  readonly seed: number;
  readonly keys: string;
  readonly disturbance: string;
  readonly entries: number;
  readonly excesses: number;
  readonly lateEntries: number;
  readonly lateNotSetAside: number;
  readonly setAsideNotLate: number;
  /** Excesses that there would be if nothing were late. */
  readonly excessesOnlyWithLate: number;
  readonly excessesCountedOver: number;
  readonly countedOverBeyondBound: number;
  readonly reference: Compared;
  readonly function: Compared;
  readonly sharedKeyReference: ComparedShared;
  readonly sharedKeyFunction: ComparedShared;
}

/** Runs two detections and their references over seeded traces and compares what they state with the truth, on one warm Flink. */
export function runTraces(first: number, seeds: number, timeoutMs: number): Promise<TraceResult[]> {
  return runOnFlink<TraceResult>('Exactness', [String(first), String(seeds)], tell, timeoutMs);
}

function tell(trace: TraceResult): void {
  process.stderr.write(
    `detection-exactness: trace ${trace.seed}, ${trace.keys}, ${trace.disturbance}: ${trace.excesses} excesses, ` +
      `${trace.function.early} early, ${trace.lateEntries} entries late\n`,
  );
}

export async function bench(): Promise<BenchResult> {
  const traces = await runTraces(0, SEEDS, 1_800_000);
  process.stderr.write('detection-exactness: the whole application over Kinesis, its TaskManager killed\n');
  const killed = await killTaskManagers(KILLED);
  const sum = (count: (trace: TraceResult) => number): number =>
    traces.reduce((total, trace) => total + count(trace), 0);
  const both = (['reference', 'function', 'sharedKeyReference', 'sharedKeyFunction'] as const).flatMap(
    (name) => [
      exactly(
        `${name}: excesses missed`,
        0,
        sum((trace) => trace[name].missed),
        'excesses',
      ),
      exactly(
        `${name}: excesses false`,
        0,
        sum((trace) => trace[name].false),
        'excesses',
      ),
      exactly(
        `${name}: totals wrong`,
        0,
        sum((trace) => trace[name].wrong),
        'excesses',
      ),
    ],
  );
  return {
    bench: 'detection-exactness',
    aims: [
      atLeast('seeded traces', 20, traces.length, 'traces'),
      ...both,
      exactly(
        'functions: episodes begun after their first second was closed',
        0,
        sum(
          (trace) =>
            trace.function.episodesStartedBeyondLateness +
            trace.sharedKeyFunction.episodesStartedBeyondLateness,
        ),
        'episodes',
      ),
      exactly(
        'late entries not set aside, or set aside and not late',
        0,
        sum((trace) => trace.lateNotSetAside + trace.setAsideNotLate),
        'entries',
      ),
      exactly(
        'counted over by more than the batch that was cut anew',
        0,
        sum((trace) => trace.countedOverBeyondBound),
        'excesses',
      ),
    ],
    details: {
      taskManagerKilled: killed,
      excesses: sum((trace) => trace.excesses),
      earlyStatements: sum((trace) => trace.function.early),
      sharedKey: {
        excesses: sum((trace) => trace.sharedKeyFunction.excesses),
        early: sum((trace) => trace.sharedKeyFunction.early),
        earlyAndInTheEndOneAlone: sum((trace) => trace.sharedKeyFunction.earlyAndInTheEndOneAlone),
      },
      beyondTheLateness: {
        entries: sum((trace) => trace.lateEntries),
        excessesOnlyWithThem: sum((trace) => trace.excessesOnlyWithLate),
      },
      excessesCountedOver: sum((trace) => trace.excessesCountedOver),
      traces,
    },
  };
}
