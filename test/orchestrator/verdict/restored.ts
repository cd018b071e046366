import { join } from 'node:path';
import { workFolder } from '../../../infra/local/processes/work-folder';
import { compareRows } from '../../../orchestrator/cases/compare-rows';
import type { GoldenCase, Phase, Row, ScriptedRecord } from '../../../orchestrator/cases/golden-case';
import { type CaseOutcome, runCases, type TableRows } from '../../../orchestrator/cases/run-cases';

const START = 1_800_000_000;
/** The state is saved, and restored in the same release: what has expired by then has gone for good. */
const SAVED_FIRST_AFTER = 22;
/** The state is saved after this second; what comes later purges every row that lies in it by then, and more. */
const SAVED_AFTER = 43;
const LAST = 120;

/** When the key d is silent, so that nothing of it waits in any state when its time to live ends. */
const silent = (k: string, second: number): boolean => k === 'd' && second > 3 && second <= 60;

/** A number of each key each second, some of them a little out of order; they vary, and k and j group them differently. */
function records(from: number, until: number): ScriptedRecord[] {
  const list: ScriptedRecord[] = [];
  for (let second = from; second <= until; second += 1) {
    for (const [index, k] of ['a', 'b', 'c', 'd'].entries()) {
      if (silent(k, second)) continue;
      // Some seconds come four seconds late: only a long delay waits for them.
      const event = (second + index) % 9 === 5 ? second - 4 : second;
      const n = ((second * 7 + index * 3) % 11) * ((second >> 4) % 2 === 0 ? 1 : 0) + (second % 3);
      const text = JSON.stringify({ k, j: k === 'a' ? 'a' : 'z', n, s: START + event });
      const ms = (START + second) * 1_000 + index * 10;
      list.push({ shard: k === 'a' ? 'one' : 'two', arrivalMs: ms, readMs: ms, text });
    }
  }
  return list;
}

const first = records(1, SAVED_FIRST_AFTER);
const before = records(SAVED_FIRST_AFTER + 1, SAVED_AFTER);
const after = records(SAVED_AFTER + 1, LAST);

/** Runs a release, saves its state, and goes on from it with another one, or with the same. */
function continued(deployed: string, wanted: string, parallelism: readonly [number, number]): GoldenCase {
  const phases: Phase[] = [
    { parallelism: parallelism[0], records: first },
    { parallelism: parallelism[0], records: before },
    { release: { application: wanted, parameters: {} }, parallelism: parallelism[1], records: after },
  ];
  return {
    ...{ application: deployed, name: `${deployed} to ${wanted}`, shows: '', folder: '', parameters: {} },
    ...{ shards: ['one', 'two'], startMs: START * 1_000, phases, expected: {} },
    ...{ atOnce: [], referenced: [] },
  };
}

/** Two releases, of which the first one's state is restored in the second. */
export interface Pair {
  readonly deployed: string;
  readonly wanted: string;
  readonly parallelism?: readonly [number, number] | undefined;
  /** Nothing comes of it, so that there is nothing to compare with. */
  readonly isRefused?: boolean;
}

/** What the release that is wanted gave after the savepoint, and what it gives had it always run. */
export interface Restored {
  readonly came: TableRows | { readonly error: string };
  readonly right: TableRows;
}

/** Restores each pair of releases, all on one warm Flink. */
export async function restoreAll(definitions: string, pairs: readonly Pair[]): Promise<Restored[]> {
  const cases = pairs.flatMap(({ deployed, wanted, parallelism = [2, 2], isRefused = false }) => [
    continued(deployed, wanted, parallelism),
    ...(isRefused ? [] : [continued(wanted, wanted, [parallelism[1], parallelism[1]])]),
  ]);
  const outcomes: CaseOutcome[] = [];
  const runnerJar = join(workFolder, 'runner', 'spillway-runner.jar');
  await runCases(cases, { definitions, runnerJar, workFolder, stateBackend: 'rocksdb' }, (outcome) =>
    outcomes.push(outcome),
  );
  const next = (): CaseOutcome | undefined => outcomes.shift();
  return pairs.map(({ wanted, isRefused = false }) => {
    const changed = next();
    const came = changed?.lastPhase ?? { error: changed?.error ?? 'no answer' };
    if (isRefused) return { came, right: {} };
    const always = next();
    if (always?.lastPhase === undefined)
      throw new Error(`${wanted} does not run: ${always?.error ?? 'no answer'}`);
    return { came, right: always.lastPhase };
  });
}

/** Whether two runs wrote the same excesses, of one detection or of all. */
export function sameRows(came: TableRows, right: TableRows, detection?: string): boolean {
  const of = (tables: TableRows): Row[] =>
    (tables['excess'] ?? []).filter((row) => detection === undefined || row['detection'] === detection);
  return compareRows('excess', of(right), of(came)) === undefined;
}
