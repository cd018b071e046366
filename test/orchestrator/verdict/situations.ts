import type { RuleVerdict } from '../../../orchestrator/verdict/rules/rule';
import {
  deduplicated,
  firstRows,
  onceView,
  over,
  overAndLag,
  runningTotal,
  slidingHeat,
  windowed,
} from './queries';

/** A release as what differs from the plain one. */
export interface Sql {
  /** By name. */
  readonly detections: Readonly<Record<string, string>>;
  readonly view?: string;
  readonly delaySeconds?: number;
  readonly sourceOptions?: string;
  readonly units?: string;
  readonly sinkOptions?: string;
  readonly sinkColumns?: string;
  readonly settings?: string;
}

/** What a savepoint of the deployed release does in the wanted one. */
export type Shown = 'right' | 'wrong' | RegExp;

/** A change, what the rules say of it, and what a savepoint shows. */
export interface Situation {
  readonly name: string;
  readonly code: string;
  readonly verdict: RuleVerdict;
  readonly deployed: Sql;
  readonly wanted: Sql;
  /** Tasks side by side, of both. */
  readonly parallelism?: readonly [number, number];
  readonly shows: Shown;
}

/** A change of one detection, which leaves the shape of the job as it is: many fit into one job. */
interface Detection {
  readonly code: string;
  readonly verdict: RuleVerdict;
  readonly deployed: string;
  readonly wanted: string;
  readonly shows: 'right' | 'wrong';
}

const right = { verdict: 'compatible', shows: 'right' } as const;
const wrong = { verdict: 'incompatible', shows: 'wrong' } as const;

/** By the detection's name. All of them are restored at once, and judged one by one. */
export const together: Readonly<Record<string, Detection>> = {
  'another-limit': {
    ...{ code: 'output-only', ...right },
    deployed: over({ name: 'another-limit', frame: { seconds: 9 } }),
    wanted: over({ name: 'another-limit', frame: { seconds: 9 }, limit: 26 }),
  },
  'limit-after-lag': {
    ...{ code: 'output-only', ...right },
    deployed: overAndLag({ name: 'limit-after-lag', frame: { seconds: 9 } }),
    wanted: overAndLag({ name: 'limit-after-lag', frame: { seconds: 9 }, limit: 26 }),
  },
  'shorter-over': {
    ...{ code: 'over-shorter', ...right },
    deployed: over({ name: 'shorter-over', frame: { seconds: 9 } }),
    wanted: over({ name: 'shorter-over', frame: { seconds: 4 }, limit: 10 }),
  },
  'shorter-over-before-lag': {
    ...{ code: 'over-shorter-before-state', ...wrong },
    deployed: overAndLag({ name: 'shorter-over-before-lag', frame: { seconds: 15 }, limit: 27 }),
    wanted: overAndLag({ name: 'shorter-over-before-lag', frame: { seconds: 4 }, limit: 27 }),
  },
  'longer-over': {
    ...{ code: 'over-longer', ...wrong },
    deployed: over({ name: 'longer-over', frame: { seconds: 4 } }),
    wanted: over({ name: 'longer-over', frame: { seconds: 9 } }),
  },
  'fewer-rows': {
    ...{ code: 'over-frame', ...wrong },
    deployed: over({ name: 'fewer-rows', frame: { rows: 9 } }),
    wanted: over({ name: 'fewer-rows', frame: { rows: 4 } }),
  },
  'another-window': {
    ...{ code: 'window-size', ...wrong },
    deployed: windowed({ name: 'another-window', windows: 10 }),
    wanted: windowed({ name: 'another-window', windows: 15 }),
  },
  'max-for-sum': {
    ...{ code: 'measure', ...wrong },
    deployed: windowed({ name: 'max-for-sum', windows: 12 }),
    wanted: windowed({ name: 'max-for-sum', windows: 12, measure: 'MAX(u)' }),
  },
  'another-filter': {
    ...{ code: 'calc-before-state', ...wrong },
    deployed: windowed({ name: 'another-filter', windows: 13, least: 1 }),
    wanted: windowed({ name: 'another-filter', windows: 13, least: 3 }),
  },
  'limit-of-a-function': {
    ...{ code: 'function-argument-output', ...right },
    deployed: slidingHeat({ name: 'limit-of-a-function', seconds: 10 }),
    wanted: slidingHeat({ name: 'limit-of-a-function', seconds: 10, limit: 26 }),
  },
};

const tumble = { detections: { heat: windowed({ name: 'heat', windows: 10 }) } };
const lag = { detections: { heat: overAndLag({ name: 'heat', frame: { seconds: 9 } }) } };
const function10 = { detections: { heat: slidingHeat({ name: 'heat', seconds: 10 }) } };

/** Changes of the whole job, and those that Flink refuses. */
const alone: readonly Omit<Situation, 'verdict'>[] = [
  {
    name: 'another watermark delay',
    code: 'watermark',
    deployed: { ...tumble, delaySeconds: 1 },
    wanted: { ...tumble, delaySeconds: 6 },
    shows: 'wrong',
  },
  {
    name: 'a column that is filled otherwise',
    code: 'source-columns',
    deployed: tumble,
    wanted: { ...tumble, units: 'n * 2' },
    shows: 'wrong',
  },
  {
    name: 'a longer silence and more frequent reads',
    code: 'source-pace',
    deployed: tumble,
    wanted: {
      ...tumble,
      sourceOptions: `'source.silence' = '9 s', 'source.reader.empty-records-fetch-interval' = '300 ms'`,
    },
    shows: 'right',
  },
  {
    name: 'smaller batches of the sink, without nulls',
    code: 'sink-options',
    deployed: tumble,
    wanted: {
      ...tumble,
      sinkOptions: `, 'json.encode.ignore-null-fields' = 'true', 'sink.batch.max-size' = '50'`,
    },
    shows: 'right',
  },
  {
    name: 'a further nullable column of the sink',
    code: 'sink-columns',
    deployed: tumble,
    wanted: {
      detections: {
        heat: tumble.detections.heat.replace(' AS s\n', ' AS s, CAST(1 AS BIGINT) AS version\n'),
      },
      sinkColumns: ', version BIGINT',
    },
    shows: 'right',
  },
  {
    name: 'another column to group by',
    code: 'grouping',
    deployed: { detections: { heat: over({ name: 'heat', frame: { seconds: 9 } }) } },
    wanted: { detections: { heat: over({ name: 'heat', frame: { seconds: 9 }, by: 's' }) } },
    shows: /StateMigrationException/,
  },
  {
    name: "a table function's window",
    code: 'function-argument-state',
    deployed: function10,
    wanted: { detections: { heat: slidingHeat({ name: 'heat', seconds: 20 }) } },
    shows: /window/,
  },
  {
    name: "a table function's uid",
    code: 'function-uid',
    deployed: function10,
    wanted: { detections: { heat: slidingHeat({ name: 'heat', seconds: 10, uid: 'hot' }) } },
    shows: /Cannot map checkpoint\/savepoint state/,
  },
  {
    name: 'a detection more',
    code: 'detection-added',
    deployed: tumble,
    wanted: {
      detections: { ...tumble.detections, another: windowed({ name: 'another', windows: 20, least: 1 }) },
    },
    shows: /Cannot map checkpoint\/savepoint state/,
  },
  {
    name: 'a detection less',
    code: 'detection-removed',
    deployed: {
      detections: { ...tumble.detections, another: windowed({ name: 'another', windows: 20, least: 1 }) },
    },
    wanted: tumble,
    shows: /Cannot map checkpoint\/savepoint state/,
  },
  {
    name: 'LAG after an OVER',
    code: 'node-added',
    deployed: { detections: { heat: over({ name: 'heat', frame: { seconds: 9 } }) } },
    wanted: lag,
    shows: 'wrong',
  },
  {
    name: 'deduplication before time windows',
    code: 'node-added',
    deployed: tumble,
    wanted: { detections: { heat: deduplicated('heat') }, view: onceView },
    shows: /StateMigrationException/,
  },
  {
    name: 'no LAG any more',
    code: 'node-removed',
    deployed: lag,
    wanted: { detections: { heat: over({ name: 'heat', frame: { seconds: 9 } }) } },
    shows: /Cannot map checkpoint\/savepoint state/,
  },
];

const set = (key: string, value: string): string => `SET '${key}' = '${value}';`;
const total = { detections: { heat: runningTotal('heat') } };
const ttl = (value: string): Sql => ({ ...total, settings: set('table.exec.state.ttl', value) });

/** Changes of what is SET and in no plan. */
const sets: readonly Omit<Situation, 'verdict'>[] = [
  {
    name: 'a shorter time to live',
    code: 'state-ttl-shorter',
    deployed: ttl('10 min'),
    wanted: ttl('5 min'),
    shows: 'right',
  },
  {
    name: 'a longer time to live',
    code: 'state-ttl-longer',
    deployed: ttl('2 ms'),
    wanted: ttl('10 min'),
    shows: 'wrong',
  },
  {
    name: 'a time to live for the first time',
    code: 'state-ttl-shorter',
    deployed: total,
    wanted: ttl('10 min'),
    shows: 'right',
  },
  {
    name: "a time to live for the first time, of a table function's state",
    code: 'state-ttl-shorter',
    deployed: function10,
    wanted: { ...function10, settings: set('table.exec.state.ttl', '10 min') },
    shows: 'right',
  },
  {
    name: 'a time to live for the first time, of first rows',
    code: 'state-ttl-shorter',
    deployed: { detections: { heat: firstRows('heat') } },
    wanted: { detections: { heat: firstRows('heat') }, settings: set('table.exec.state.ttl', '10 min') },
    shows: 'right',
  },
  {
    name: 'no time to live any more',
    code: 'state-ttl-longer',
    deployed: ttl('2 ms'),
    wanted: total,
    shows: 'wrong',
  },
  {
    name: 'another max parallelism',
    code: 'max-parallelism-set',
    deployed: lag,
    wanted: { ...lag, settings: set('pipeline.max-parallelism', '64') },
    shows: /max(imum)? parallelism/i,
  },
  {
    name: 'no chaining any more',
    code: 'operator-chaining',
    deployed: lag,
    wanted: { ...lag, settings: set('pipeline.operator-chaining.enabled', 'false') },
    shows: /Cannot map checkpoint\/savepoint state/,
  },
  {
    name: 'rows that are not copied, and watermarks more often',
    code: 'pace-settings',
    deployed: lag,
    wanted: {
      ...lag,
      settings: `${set('pipeline.object-reuse', 'true')} ${set('pipeline.auto-watermark-interval', '100 ms')}`,
    },
    shows: 'right',
  },
];

const settings: readonly Omit<Situation, 'verdict'>[] = [
  {
    name: 'more tasks',
    code: 'capacity',
    deployed: lag,
    wanted: lag,
    parallelism: [2, 4],
    shows: 'right',
  },
  {
    name: 'more tasks than the state has parts',
    code: 'max-parallelism',
    deployed: { ...lag, settings: set('pipeline.max-parallelism', '2') },
    wanted: lag,
    parallelism: [2, 4],
    shows: /max(imum)? parallelism/i,
  },
];

const judged = (list: readonly Omit<Situation, 'verdict'>[]): Situation[] =>
  list.map((each) => ({ ...each, verdict: each.shows === 'right' ? 'compatible' : 'incompatible' }));

/** Changes that the plans show. */
export const planSituations: readonly Situation[] = judged(alone);
/** Changes that only the SETs show. */
export const setSituations: readonly Situation[] = judged(sets);
/** Changes of the application's settings, which the planner judges: orchestrator/plan/setting-changes.ts. */
export const settingSituations: readonly Situation[] = judged(settings);

/** The releases with all detections of `together`. */
export function allTogether(): { readonly deployed: Sql; readonly wanted: Sql } {
  const of = (which: 'deployed' | 'wanted'): Sql => ({
    detections: Object.fromEntries(Object.entries(together).map(([name, each]) => [name, each[which]])),
  });
  return { deployed: of('deployed'), wanted: of('wanted') };
}
