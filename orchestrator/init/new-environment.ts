import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { EnvironmentFile } from '../definition/environment-file';
import { readEnvironment } from '../definition/environments';
import { readJson } from '../definition/read-definition';
import { UserFault } from '../user-fault';

/**
 * Adds an entry to the environments file, which is made where it is missing. Throws where the name is taken, or the
 * entry is none: then the file is as it was.
 */
export function writeEnvironment(file: string, name: string, entry: EnvironmentFile): void {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
    throw new UserFault(
      `"${name}" is no name of an environment: use up to 32 lower-case letters, digits and "-", a letter first`,
    );
  }
  const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const entries =
    before === undefined
      ? { $schema: './environments.schema.json' }
      : (readJson(file, before).value as Record<string, unknown>);
  if (name in entries) throw new UserFault(`${file} has an environment ${name} already: change it there`);
  writeFileSync(file, `${JSON.stringify({ ...entries, [name]: entry }, null, 2)}\n`);
  try {
    readEnvironment(file, name);
  } catch (fault) {
    if (before === undefined) rmSync(file);
    else writeFileSync(file, before);
    throw fault;
  }
}
