import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserFault } from '../../user-fault';
import type { Books } from './books';

/** Books in a folder `billing` beside the archive's files, for an archive on one machine. */
export function folderBooks(archive: string): Books {
  const root = join(archive, 'billing');
  const folderOf = (definition: string): string => join(root, 'books', definition);
  // A name has no slash; the others are in no file system's way.
  const fileOf = (definition: string, name: string): string => join(folderOf(definition), `${name}.json`);
  const read = (path: string): string | undefined =>
    existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  return {
    place: root,
    read: (definition, name) => Promise.resolve(read(fileOf(definition, name))),
    list: (definition, prefix) => {
      const folder = folderOf(definition);
      const names = existsSync(folder) ? readdirSync(folder) : [];
      return Promise.resolve(
        names
          .filter((name) => name.startsWith(prefix) && name.endsWith('.json'))
          .sort()
          .map((name) => ({
            name: name.slice(0, -'.json'.length),
            text: readFileSync(join(folder, name), 'utf8'),
          })),
      );
    },
    create: (definition, { name, text }) => {
      mkdirSync(folderOf(definition), { recursive: true });
      try {
        writeFileSync(fileOf(definition, name), text, { flag: 'wx' });
        return Promise.resolve(true);
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return Promise.resolve(false);
        throw cause;
      }
    },
    readFile: (key) => Promise.resolve(read(join(root, key))),
    writeFile: async (key, text) => {
      const path = join(root, key);
      const there = read(path);
      if (there !== undefined) {
        refuseOther(path, there, text);
        return;
      }
      await mkdir(dirname(path), { recursive: true });
      // Whole or not at all: a run that is interrupted leaves no half table under a name that promises its content.
      await writeFile(`${path}.new`, text);
      await rename(`${path}.new`, path);
    },
    close: () => undefined,
  };
}

/** What is named by what it is made of must be the same each time it is made. */
export function refuseOther(place: string, there: string, text: string): void {
  if (there === text) return;
  throw new UserFault(
    `${place} is there with another content, though it is made of the same things: keep both, and report this. ` +
      'Nothing was overwritten',
  );
}
