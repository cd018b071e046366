import { runOnFlink } from './flink-bench';

/** What to measure: see `spillway.bench.Cost`. */
export interface CostRun {
  /** The last two are all detections of throttle, as they are or with references in the place of functions. */
  readonly shape:
    | 'nothing'
    | 'tumble'
    | 'reference'
    | 'function'
    | 'shared-key-reference'
    | 'shared-key'
    | 'application'
    | 'application-of-references';
  /** `shared` is `zipf` with several subjects a key. */
  readonly keys: 'zipf' | 'shared' | 'uniform' | 'new';
  readonly keyCount: number;
  /** In event time; the load comes as fast as it is taken. */
  readonly entriesPerSecond: number;
  readonly windowSeconds: number;
  readonly limit: number;
  /** How much of the load is measured, once a window of it has passed. */
  readonly measuredSeconds: number;
}

export interface Cost extends Omit<CostRun, 'measuredSeconds'> {
  /** Different keys in what was measured. */
  readonly keysTouched: number;
  readonly entries: number;
  readonly cpuSeconds: number;
  readonly entriesPerCpuSecond: number;
  readonly stated: number;
  /** Live state once the window is full, and at the end. */
  readonly stateBytesFull: number;
  readonly stateBytesEnd: number;
  readonly checkpointBytes: number;
  readonly checkpointMs: number;
}

/** Measures one run after the other in one JVM. Answers in their order. */
export function measureCosts(bench: string, runs: readonly CostRun[], timeoutMs: number): Promise<Cost[]> {
  const args = runs.map((run) =>
    [
      run.shape,
      run.keys,
      run.keyCount,
      run.entriesPerSecond,
      run.windowSeconds,
      run.limit,
      run.measuredSeconds,
    ].join(':'),
  );
  return runOnFlink<Cost>(
    'Cost',
    args,
    (cost) => {
      process.stderr.write(
        `${bench}: ${cost.shape}, ${cost.keyCount} keys (${cost.keys}), window ${cost.windowSeconds} s, limit ${cost.limit}: ` +
          `${cost.entriesPerCpuSecond} entries per CPU-second\n`,
      );
    },
    timeoutMs,
  );
}
