import { readBillingDefinition } from '../../billing/definition/read-billing-definition';
import { inForce } from '../../billing/definition/in-force';
import { syntaxProblems } from '../../billing/definition/syntax';
import { problemsForGitHub, problemsText } from '../../report/problems-report';
import { pairs } from '../../report/table';
import { DefinitionFault, type Problem } from '../../user-fault';
import { EXIT_DONE, EXIT_FAILED, type Streams } from '../streams';
import { periodOf } from '../../billing/period';
import { type BillingOptions, definitionsOf } from './open-billing';

export interface ValidateBillingOptions extends BillingOptions {
  /** Let Trino plan the SQL as well. */
  plan: boolean;
  format: 'text' | 'github';
}

interface Validated {
  readonly definition: string;
  /** By the month from which they hold. */
  readonly versions: readonly { from: string; why: string; parameters: Readonly<Record<string, string>> }[];
  readonly problems: readonly Problem[];
}

/** `spillway billing validate [definition]`: checks the files, and shows the values that hold from which month on. */
export async function validate(
  definition: string | undefined,
  options: ValidateBillingOptions,
  streams: Streams,
): Promise<number> {
  const results: Validated[] = [];
  for (const name of definitionsOf(options, definition)) results.push(await validated(name, options));
  const problems = results.flatMap((result) => result.problems);
  streams.stdout.write(output(results, problems, options));
  return problems.length === 0 ? EXIT_DONE : EXIT_FAILED;
}

async function validated(name: string, options: ValidateBillingOptions): Promise<Validated> {
  try {
    const definition = readBillingDefinition(options.billing, name);
    const versions = definition.versions.map(({ from, why }) => {
      const { parameters } = inForce(definition, periodOf(from));
      return { from, why, parameters };
    });
    return { definition: name, versions, problems: await syntaxProblems(definition, options) };
  } catch (fault) {
    if (!(fault instanceof DefinitionFault)) throw fault;
    return { definition: name, versions: [], problems: fault.problems };
  }
}

function output(
  results: readonly Validated[],
  problems: readonly Problem[],
  options: ValidateBillingOptions,
): string {
  if (options.json) {
    const valid = results
      .filter((result) => result.problems.length === 0)
      .map(({ definition, versions }) => ({ definition, versions }));
    return `${JSON.stringify({ schemaVersion: 1, command: 'billing validate', valid, problems })}\n`;
  }
  if (options.format === 'github') return problemsForGitHub(problems, options.billing);
  return results
    .map(({ definition, versions, problems: found }) => {
      if (found.length > 0) {
        const count = found.length === 1 ? 'one problem' : `${found.length} problems`;
        return `${definition} has ${count}:\n${problemsText(found)}`;
      }
      const held = versions.map(({ from, why, parameters }) => {
        const values = pairs(Object.entries(parameters), '    ');
        return `  from ${from}: ${why}\n${values === '' ? '' : `${values}\n`}`;
      });
      return `${definition} is valid\n${held.join('')}`;
    })
    .join('\n');
}
