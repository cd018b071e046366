import type { BillingOutcome } from '../billing/cases/run-billing-case';

/** One case on one engine as lines; below it what differs. */
export function billingCaseText(outcome: BillingOutcome): string {
  const { case: one, engine, passed, error, difference } = outcome;
  const head = `${passed ? 'ok  ' : 'FAIL'} ${engine.padEnd(6)}  ${one.definition.name}/${one.name}: ${one.shows}\n`;
  if (error !== undefined) return `${head}       it could not be run: ${error}\n`;
  if (difference === undefined) return head;
  const lines = [
    ...difference.missing.map((row) => `- missing     ${JSON.stringify(row)}`),
    ...difference.unexpected.map((row) => `+ unexpected  ${JSON.stringify(row)}`),
    ...difference.differing.flatMap(({ expected, actual, fields }) => [
      `~ differs     ${JSON.stringify(expected)}`,
      ...fields.map(
        (field) =>
          `    ${field}: expected ${JSON.stringify(expected[field]) ?? 'nothing'}, came ${JSON.stringify(actual[field]) ?? 'nothing'}`,
      ),
    ]),
  ];
  return head + lines.map((line) => `       ${line}\n`).join('');
}

export function billingTestSummary(outcomes: readonly BillingOutcome[]): string {
  const failed = outcomes.filter(({ passed }) => !passed).length;
  const cases = new Set(outcomes.map(({ case: one }) => `${one.definition.name}/${one.name}`)).size;
  const engines = [...new Set(outcomes.map(({ engine }) => engine))].join(' and ');
  return `${cases === 1 ? 'one case' : `${cases} cases`} on ${engines}, ${failed === 0 ? 'all right' : `${failed} failed`}\n`;
}

/** The JSON document of `billing test --json`. */
export function billingTestJson(outcomes: readonly BillingOutcome[]): object {
  return {
    schemaVersion: 1,
    command: 'billing test',
    passed: outcomes.filter(({ passed }) => passed).length,
    failed: outcomes.filter(({ passed }) => !passed).length,
    cases: outcomes.map(({ case: one, engine, passed, error, difference }) => ({
      definition: one.definition.name,
      case: one.name,
      engine,
      shows: one.shows,
      passed,
      ...(error !== undefined && { error }),
      ...(difference !== undefined && { difference }),
    })),
  };
}
