import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OWNER = 'owner.pid';
const KEPT = 3;

/**
 * Makes the folder of a new run, which says which process it belongs to, and removes the folders of runs whose process
 * is gone, except the newest three: their logs may still be wanted.
 * Throws when a running system has the same id.
 */
export function makeRunFolder(runsFolder: string, id: string): string {
  const folder = join(runsFolder, id);
  if (!/^[\w.-]+$/.test(id)) {
    throw new Error(
      `run id ${JSON.stringify(id)} must be letters, digits, dots and dashes: it names a folder`,
    );
  }
  if (existsSync(folder)) {
    if (isOwned(folder))
      throw new Error(`a system with run id ${id} is running; stop it or choose another id`);
    rmSync(folder, { recursive: true });
  }
  removeOld(runsFolder);
  mkdirSync(join(folder, 'tmp'), { recursive: true });
  mkdirSync(join(folder, 'logs'));
  writeFileSync(join(folder, OWNER), String(process.pid));
  return folder;
}

function removeOld(runsFolder: string): void {
  if (!existsSync(runsFolder)) return;
  const dead = readdirSync(runsFolder)
    .map((name) => join(runsFolder, name))
    .filter((folder) => !isOwned(folder))
    .map((folder) => ({ folder, changedMs: statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.changedMs - a.changedMs);
  for (const { folder } of dead.slice(KEPT)) rmSync(folder, { recursive: true, force: true });
}

/** A process id that the system gave to another program meanwhile only keeps the folder a while longer. */
function isOwned(folder: string): boolean {
  const owner = join(folder, OWNER);
  if (!existsSync(owner)) return false;
  const pid = Number(readFileSync(owner, 'utf8'));
  try {
    return Number.isInteger(pid) && pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
