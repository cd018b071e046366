import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { policySchema } from '../../../lambdas/suspender/policy-schema';

test('the schema for editors is the validator’s: `npm run schema` writes it anew', () => {
  const file = join(__dirname, '../../../lambdas/suspender/policy.schema.json');
  expect(readFileSync(file, 'utf8')).toBe(policySchema());
});
