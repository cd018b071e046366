import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const scratch = resolve(__dirname, '../../../.spillway/test-definitions');

/** A folder of definitions made of the given files; remove it when done. */
export function definitionFolder(files: Readonly<Record<string, string>>): {
  root: string;
  remove(): void;
} {
  mkdirSync(scratch, { recursive: true });
  const root = mkdtempSync(join(scratch, 'definitions-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return {
    root,
    remove: () => {
      rmSync(root, { recursive: true });
    },
  };
}
