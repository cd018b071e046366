import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { billingFileSchemas, fileSchemas } from '../../../orchestrator/definition/file-schemas';

test.each([...fileSchemas()])('%s is the validator’s: `npm run schema` writes it anew', (file, schema) => {
  expect(readFileSync(resolve(__dirname, '../../../flink-sql', file), 'utf8')).toBe(schema);
});

test.each([...billingFileSchemas()])(
  '%s is the validator’s: `npm run schema` writes it anew',
  (file, schema) => {
    expect(readFileSync(resolve(__dirname, '../../../athena-sql', file), 'utf8')).toBe(schema);
  },
);
