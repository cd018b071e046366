import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { billingCaseNames, readBillingCase } from '../../billing/cases/billing-case';
import { type BillingOutcome, runBillingCase } from '../../billing/cases/run-billing-case';
import { readBillingDefinition } from '../../billing/definition/read-billing-definition';
import { startTrino, type Trino } from '../../billing/engine/trino-engine';
import { billingCaseText, billingTestJson, billingTestSummary } from '../../report/billing-test-report';
import { UserFault } from '../../user-fault';
import { hasTerminal, ask } from '../ask';
import { EXIT_DECLINED, EXIT_DONE, EXIT_FAILED, type Streams } from '../streams';
import { type BillingOptions, definitionsOf } from './open-billing';

export interface TestBillingOptions extends BillingOptions {
  engine: 'duckdb' | 'trino' | 'both';
  update: boolean;
  yes: boolean;
}

/** `spillway billing test [definition] [case]`: runs cases, and compares the tables with what they expect. */
export async function test(
  definition: string | undefined,
  only: string | undefined,
  options: TestBillingOptions,
  streams: Streams,
): Promise<number> {
  const cases = definitionsOf(options, definition).flatMap((name) => {
    const read = readBillingDefinition(options.billing, name);
    return billingCaseNames(options.billing, name, only).map((each) =>
      readBillingCase(options.billing, read, each),
    );
  });
  if (cases.length === 0) {
    throw new UserFault(
      `there are no cases: a case is a folder ${options.billing}/${definition ?? '<definition>'}/cases/<situation> with a ` +
        'case.json, an input.jsonl and an expected.jsonl',
    );
  }
  const trino = options.engine === 'duckdb' ? undefined : await startTrino(options.workFolder);
  const engines: (Trino | undefined)[] = options.engine === 'both' ? [undefined, trino] : [trino];
  const outcomes: BillingOutcome[] = [];
  try {
    for (const one of cases) {
      for (const engine of engines) {
        const outcome = await runBillingCase(one, engine);
        outcomes.push(outcome);
        if (!options.json) streams.stdout.write(billingCaseText(outcome));
      }
    }
  } finally {
    await trino?.close();
  }
  streams.stdout.write(
    options.json ? `${JSON.stringify(billingTestJson(outcomes))}\n` : billingTestSummary(outcomes),
  );
  if (outcomes.every(({ passed }) => passed)) return EXIT_DONE;
  return options.update ? update(outcomes, options, streams) : EXIT_FAILED;
}

async function update(
  outcomes: readonly BillingOutcome[],
  options: TestBillingOptions,
  streams: Streams,
): Promise<number> {
  const changed = outcomes.filter(({ error, passed }) => error === undefined && !passed);
  if (changed.length > 0 && !options.yes) {
    if (!hasTerminal(streams)) {
      throw new UserFault(
        '--update rewrites what the cases expect, and there is no terminal to ask: look at the differences, then add --yes',
      );
    }
    if (!/^y(es)?$/i.test(await ask('Make this what they expect? [y/N] ', streams))) return EXIT_DECLINED;
  }
  for (const { case: one, rows } of changed) {
    const file = join(one.folder, 'expected.jsonl');
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    streams.stderr.write(`written: ${file}\n`);
  }
  return outcomes.some(({ error }) => error !== undefined) ? EXIT_FAILED : EXIT_DONE;
}
