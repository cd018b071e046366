import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workFolder } from './work-folder.mjs';

/** Where it is written what a step built. */
export const stampOf = (step) => join(workFolder, 'stamps', `${step}.json`);

/** A hash over texts and files; a file that is missing counts as such. */
export function hashOf(texts, files = []) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:${text};`);
  for (const file of files) {
    hash.update(`${file};`);
    hash.update(existsSync(file) ? readFileSync(file) : 'missing');
  }
  return hash.digest('hex');
}

/** All files under a folder, in a fixed order; none when the folder is missing. */
export function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : [path];
    });
}

/** Whether the stamp says that these inputs were built, and everything it built is still there. */
export function isFresh(stampFile, inputs) {
  if (!existsSync(stampFile)) return false;
  try {
    const stamp = JSON.parse(readFileSync(stampFile, 'utf8'));
    return stamp.inputs === inputs && stamp.outputs.every((path) => existsSync(path));
  } catch {
    // A stamp that was cut off while it was written says nothing: build again.
    return false;
  }
}

/** Records what was built from which inputs. Written in one move, so that nobody reads half of it. */
export function writeStamp(stampFile, inputs, outputs) {
  mkdirSync(dirname(stampFile), { recursive: true });
  const draft = `${stampFile}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ inputs, outputs }, null, 1));
  renameSync(draft, stampFile);
}
