import { z } from 'zod';
import { policy } from '../contracts/policy';

/**
 * The JSON Schema of a policy file, for editors: made from the validator itself. A test holds policy.schema.json beside
 * this file equal to it; `npm run schema` writes it anew.
 */
export function policySchema(): string {
  const schema = z.toJSONSchema(policy, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ title: 'A Spillway policy', ...schema }, null, 2)}\n`;
}

if (require.main === module) process.stdout.write(policySchema());
