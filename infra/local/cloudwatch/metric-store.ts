/** One metric: its name in a namespace, with its dimensions' values. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Several values that came in one minute. */
export interface StatisticSet {
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

export interface Datapoint extends StatisticSet {
  /** Start of its period, epoch seconds. */
  readonly at: number;
}

const minuteSeconds = 60;
/** What the service keeps at one-minute resolution: 15 days. */
const keptSeconds = 15 * 24 * 3600;
/** As many different metrics as one machine has use for; more is a mistake that should be seen. */
const mostMetrics = 10_000;

/** Metrics by the minute, in memory. */
export class MetricStore {
  private readonly metrics = new Map<string, { metric: Metric; minutes: Map<number, StatisticSet> }>();

  /** Adds values of one moment. Throws a RangeError when there are too many metrics. */
  add(metric: Metric, timestampMs: number, values: StatisticSet): void {
    const minute = Math.floor(timestampMs / 60_000) * minuteSeconds;
    const name = nameOf(metric);
    let known = this.metrics.get(name);
    if (known === undefined) {
      if (this.metrics.size >= mostMetrics) throw new RangeError(`there are ${mostMetrics} metrics already`);
      this.metrics.set(name, (known = { metric, minutes: new Map() }));
    }
    const { minutes } = known;
    const before = minutes.get(minute);
    minutes.set(minute, before === undefined ? values : together(before, values));
    const [oldest] = minutes.keys();
    if (oldest !== undefined && oldest < minute - keptSeconds) minutes.delete(oldest);
  }

  /** Adds one value. */
  addValue(metric: Metric, timestampMs: number, value: number): void {
    this.add(metric, timestampMs, { count: 1, sum: value, minimum: value, maximum: value });
  }

  /** Every metric of that has the given namespace, name and dimensions' values, as far as they are given. */
  list(wanted: { namespace?: string; name?: string; dimensions?: readonly [string, string?][] }): Metric[] {
    return [...this.metrics.values()]
      .map(({ metric }) => metric)
      .filter(
        ({ namespace, name, dimensions }) =>
          (wanted.namespace === undefined || wanted.namespace === namespace) &&
          (wanted.name === undefined || wanted.name === name) &&
          (wanted.dimensions ?? []).every(([dimension, value]) =>
            value === undefined ? dimension in dimensions : dimensions[dimension] === value,
          ),
      );
  }

  /** What came from one moment on and before another, both epoch seconds, in periods; periods without data are left out. */
  read(metric: Metric, fromSecond: number, toSecond: number, periodSeconds: number): Datapoint[] {
    const periods = new Map<number, StatisticSet>();
    for (const [minute, values] of this.metrics.get(nameOf(metric))?.minutes ?? []) {
      if (minute < fromSecond || minute >= toSecond) continue;
      const at = Math.floor(minute / periodSeconds) * periodSeconds;
      const before = periods.get(at);
      periods.set(at, before === undefined ? values : together(before, values));
    }
    return [...periods].map(([at, values]) => ({ at, ...values })).sort((one, other) => one.at - other.at);
  }
}

function together(one: StatisticSet, other: StatisticSet): StatisticSet {
  return {
    count: one.count + other.count,
    sum: one.sum + other.sum,
    minimum: Math.min(one.minimum, other.minimum),
    maximum: Math.max(one.maximum, other.maximum),
  };
}

function nameOf({ namespace, name, dimensions }: Metric): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}
