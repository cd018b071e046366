import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { definitionFile } from '../billing/definition/definition-file';
import { applicationFile } from './application-file';
import { environmentsFile } from './environment-file';

/** The files with JSON Schemas beside the definitions, for editors. */
const schemas = {
  'application.schema.json': { title: 'A Spillway application', validator: applicationFile },
  'environments.schema.json': { title: 'Where Spillway’s applications run', validator: environmentsFile },
};

/** Beside the billing definitions. */
const billingSchemas = {
  'definition.schema.json': { title: 'A Spillway billing definition', validator: definitionFile },
};

/** By file: JSON Schemas made from the validators themselves. A test holds the files equal to them. */
export function fileSchemas(): ReadonlyMap<string, string> {
  return schemasOf(schemas);
}

/** The same for the folder of the billing definitions. */
export function billingFileSchemas(): ReadonlyMap<string, string> {
  return schemasOf(billingSchemas);
}

function schemasOf(
  files: Readonly<Record<string, { title: string; validator: z.ZodType }>>,
): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(files).map(([file, { title, validator }]) => {
      const schema = z.toJSONSchema(validator, { io: 'input', target: 'draft-7' });
      return [file, `${JSON.stringify({ title, ...schema }, null, 2)}\n`];
    }),
  );
}

// `npm run schema`: writes them anew into the folders of the definitions.
if (require.main === module) {
  for (const [file, text] of fileSchemas()) writeFileSync(join(process.argv[2] ?? 'flink-sql', file), text);
  for (const [file, text] of billingFileSchemas())
    writeFileSync(join(process.argv[3] ?? 'athena-sql', file), text);
}
