import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Policy, policy } from '../../../lambdas/contracts/policy';
import { readJson } from '../../definition/read-definition';
import { schemaProblems } from '../../definition/schema-problems';
import { outcomeText } from '../../report/suspensions-report';
import { DefinitionFault, UserFault } from '../../user-fault';
import { EXIT_DONE, type Streams } from '../streams';
import { type ReasonOptions, withOperator, write } from '../with-operator';

/** `spillway policy apply FILE`: checks the file and puts it into `control`. */
export function apply(file: string, options: ReasonOptions, streams: Streams): Promise<number> {
  const read = readPolicy(file);
  return withOperator(options, streams, async ({ operator }) => {
    const answer = await operator.ask('apply-policy', {
      id: randomUUID(),
      policy: read,
      reason: options.reason,
    });
    write(streams, options, 'policy apply', answer, outcomeText('the policy', answer));
    return EXIT_DONE;
  });
}

function readPolicy(file: string): Policy {
  if (!existsSync(file))
    throw new UserFault(`there is no ${file}: \`spillway policy show > ${file}\` makes one`);
  const json = readJson(file, readFileSync(file, 'utf8'));
  const result = policy.safeParse(json.value);
  if (result.success) return result.data;
  const keys = [...Object.keys(policy.shape), ...Object.keys(policy.shape.default.shape), 'rules'];
  throw new DefinitionFault(file, schemaProblems(basename(file), json, result.error, keys));
}
