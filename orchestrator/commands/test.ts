import { createInterface } from 'node:readline/promises';
import { type JudgedCase, judgeCase } from '../cases/judge-case';
import { caseNames, readCase } from '../cases/read-cases';
import { runCases } from '../cases/run-cases';
import { writeExpected } from '../cases/write-expected';
import { listApplications, readDefinition } from '../definition/read-definition';
import { caseText, summaryText, testJson, type TestTimes } from '../report/test-report';
import { DefinitionFault, UserFault } from '../user-fault';
import type { GoldenCase } from '../cases/golden-case';
import { EXIT_DECLINED, EXIT_DONE, EXIT_FAILED, type Streams } from './streams';

export interface TestOptions {
  json: boolean;
  /** Folder with the applications. */
  definitions: string;
  /** Make what came out what is expected. */
  update: boolean;
  /** Do not ask before. */
  yes: boolean;
  /** The runner's JAR. */
  runner: string;
  /** Where set-up put Flink's libraries. */
  workFolder: string;
}

/**
 * `spillway test [application] [case]`: runs golden cases on a Flink of their own, with the definition's own SQL, and
 * compares what comes out with what the case expects. Exits 1 where they differ.
 */
export async function test(
  application: string | undefined,
  only: string | undefined,
  options: TestOptions,
  streams: Streams,
): Promise<number> {
  const cases = readCases(application, only, options.definitions);
  const judged: JudgedCase[] = [];
  const startedMs = Date.now();
  let firstAnswerSeconds = 0;
  await runCases(cases, { ...options, runnerJar: options.runner }, (outcome) => {
    if (judged.length === 0) firstAnswerSeconds = (Date.now() - startedMs) / 1_000;
    const result = judgeCase(outcome);
    judged.push(result);
    if (!options.json) streams.stdout.write(caseText(result));
  });
  if (judged.length < cases.length) {
    throw new Error(`${cases.length} cases were asked for, but only ${judged.length} came back`);
  }
  const times: TestTimes = { firstAnswerSeconds, tookSeconds: (Date.now() - startedMs) / 1_000 };
  streams.stdout.write(
    options.json ? `${JSON.stringify(testJson(judged, times))}\n` : summaryText(judged, times),
  );
  if (judged.every(({ passed }) => passed)) return EXIT_DONE;
  return options.update ? update(judged, options, streams) : EXIT_FAILED;
}

/** Every problem of every case at once. */
function readCases(
  application: string | undefined,
  only: string | undefined,
  definitions: string,
): GoldenCase[] {
  const applications = application === undefined ? listApplications(definitions) : [application];
  const faults: DefinitionFault[] = [];
  const cases = applications.flatMap((name) => {
    const definition = readDefinition(definitions, name);
    return caseNames(definitions, name, only).flatMap((each): GoldenCase[] => {
      try {
        return [readCase(definitions, definition, each)];
      } catch (fault) {
        if (!(fault instanceof DefinitionFault)) throw fault;
        faults.push(fault);
        return [];
      }
    });
  });
  const [fault, ...more] = faults;
  if (fault !== undefined) {
    throw more.length === 0
      ? fault
      : new DefinitionFault(
          'the cases',
          faults.flatMap(({ problems }) => problems),
        );
  }
  if (cases.length === 0) {
    throw new UserFault(
      `there are no cases: a case is a folder ${definitions}/${application ?? '<application>'}/cases/<situation> ` +
        'with a case.json, an input.jsonl and what must come out, such as excess.jsonl',
    );
  }
  return cases;
}

async function update(
  judged: readonly JudgedCase[],
  options: TestOptions,
  streams: Streams,
): Promise<number> {
  const broken = judged.filter(({ outcome }) => outcome.tables === undefined);
  const changed = judged.filter(({ differences }) => differences.length > 0);
  if (changed.length > 0 && !options.yes && !(await confirmed(changed.length, streams))) return EXIT_DECLINED;
  for (const file of changed.flatMap(writeExpected)) streams.stderr.write(`written: ${file}\n`);
  // What could not be run expects nothing.
  return broken.length === 0 ? EXIT_DONE : EXIT_FAILED;
}

async function confirmed(count: number, streams: Streams): Promise<boolean> {
  if (!('isTTY' in streams.stdin) || streams.stdin.isTTY !== true) {
    throw new UserFault(
      '--update rewrites what the cases expect, and there is no terminal to ask: look at the differences, then add --yes',
    );
  }
  const prompt = createInterface({ input: streams.stdin, output: streams.stderr });
  try {
    const what = count === 1 ? 'one case' : `${count} cases`;
    return /^y(es)?$/i.test(await prompt.question(`Make this what ${what} expect? [y/N] `));
  } finally {
    prompt.close();
  }
}
