import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserFault } from '../user-fault';

/** What is asked for a new application. */
export interface NewApplication {
  name: string;
  /** What its detection is called. */
  detection: string;
  /** A duration, such as 2m. */
  window: string;
  /** Write units per window. */
  limit: number;
}

const template = resolve(__dirname, 'template');

/**
 * Writes a small application that validates and whose cases hold: usage and excess, one detection with its header, and
 * three cases. Answers the files, from the folder of the definitions. Throws where the folder is there already.
 */
export function writeApplication(definitions: string, application: NewApplication): string[] {
  const folder = join(definitions, application.name);
  if (existsSync(folder)) {
    throw new UserFault(`there is a folder ${folder} already: choose another name, or remove it`);
  }
  return readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(template.length + 1))
    .sort()
    .map((path) => {
      const target = path.replace('detection.sql', `${application.detection}.sql`);
      const file = join(folder, target);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, filled(readFileSync(join(template, path), 'utf8'), application));
      return join(application.name, target);
    });
}

function filled(text: string, { name, detection, window, limit }: NewApplication): string {
  return text
    .replaceAll('__APPLICATION__', name)
    .replaceAll('__DETECTION__', detection)
    .replaceAll('__WINDOW__', window)
    .replaceAll('"__LIMIT__"', String(limit));
}
