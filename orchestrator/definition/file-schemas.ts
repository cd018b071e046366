import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { applicationFile } from './application-file';
import { environmentsFile } from './environment-file';

/** The files with JSON Schemas beside the definitions, for editors. */
const schemas = {
  'application.schema.json': { title: 'A Spillway application', validator: applicationFile },
  'environments.schema.json': { title: 'Where Spillway’s applications run', validator: environmentsFile },
};

/** By file: JSON Schemas made from the validators themselves. A test holds the files equal to them. */
export function fileSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(schemas).map(([file, { title, validator }]) => {
      const schema = z.toJSONSchema(validator, { io: 'input', target: 'draft-7' });
      return [file, `${JSON.stringify({ title, ...schema }, null, 2)}\n`];
    }),
  );
}

// `npm run schema`: writes them anew into the folder of the definitions.
if (require.main === module) {
  for (const [file, text] of fileSchemas()) writeFileSync(join(process.argv[2] ?? 'flink-sql', file), text);
}
