import { z } from 'zod';
import { applicationFile } from './application-file';

/** Where the schema lies, from the folder of the definitions. */
export const schemaFile = 'application.schema.json';

/**
 * The JSON Schema of `application.json`, for editors: made from the validator itself. A test holds the file beside the
 * definitions equal to it; `npm run schema` writes it anew.
 */
export function applicationSchema(): string {
  const schema = z.toJSONSchema(applicationFile, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ title: 'A Spillway application', ...schema }, null, 2)}\n`;
}

if (require.main === module) process.stdout.write(applicationSchema());
