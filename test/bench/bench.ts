/** One claim of a bench: what was hoped for, what was measured, as they came out. */
export interface Aim {
  readonly name: string;
  /** Such as `at most 0.5`. */
  readonly aim: string;
  readonly measured: number;
  readonly unit: string;
  readonly met: boolean;
}

export interface BenchResult {
  readonly bench: string;
  readonly aims: readonly Aim[];
  readonly details: Readonly<Record<string, unknown>>;
}

/** A measured figure that should not be above a bound. */
export function atMost(name: string, bound: number, measured: number, unit: string): Aim {
  const rounded = Number(measured.toPrecision(3));
  return { name, aim: `at most ${bound}`, measured: rounded, unit, met: rounded <= bound };
}

/** A measured figure that should not be below a bound. */
export function atLeast(name: string, bound: number, measured: number, unit: string): Aim {
  const rounded = Number(measured.toPrecision(3));
  return { name, aim: `at least ${bound}`, measured: rounded, unit, met: rounded >= bound };
}

/** A count that must come out as one number, such as 0 records lost. */
export function exactly(name: string, wanted: number, measured: number, unit: string): Aim {
  return { name, aim: `exactly ${wanted}`, measured, unit, met: measured === wanted };
}

/**
 * How long `work` takes as a ratio to `baseline`, both in turns on the same machine in the same minute: the median
 * over the rounds, so that one pause of the machine decides nothing. Each function does its work many times and
 * answers with something, so that it cannot be optimised away.
 */
export function ratio(
  work: () => number,
  baseline: () => number,
  rounds = 15,
): { ratio: number; sink: number } {
  let sink = 0;
  const timed = (run: () => number): number => {
    const startedMs = performance.now();
    sink += run();
    return performance.now() - startedMs;
  };
  timed(work);
  timed(baseline);
  const ratios = Array.from({ length: rounds }, () => timed(work) / timed(baseline)).sort((a, b) => a - b);
  return { ratio: ratios[Math.floor(rounds / 2)] ?? NaN, sink };
}
