import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { applicationSchema, schemaFile } from '../../../orchestrator/definition/application-schema';

test('the schema for editors is the validator’s: `npm run schema` writes it anew', () => {
  const file = resolve(__dirname, '../../../flink-sql', schemaFile);
  expect(readFileSync(file, 'utf8')).toBe(applicationSchema());
});
