import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SetUpError, say } from './work-folder.mjs';

const POLL_MS = 200;

/**
 * Runs `work` while holding the lock folder, waiting up to `patienceMs` for whoever holds it. A lock whose owner is no
 * longer alive is taken over. The lock is given back however `work` ends; a killed process leaves a stale one.
 */
export async function withLock(lockFolder, patienceMs, work) {
  await take(lockFolder, patienceMs);
  try {
    return await work();
  } finally {
    release(lockFolder);
  }
}

/** Gives the lock back if this process holds it; else does nothing. */
export function release(lockFolder) {
  if (ownerOf(lockFolder)?.token === me().token) rmSync(lockFolder, { recursive: true, force: true });
}

async function take(lockFolder, patienceMs) {
  const giveUpAt = Date.now() + patienceMs;
  let told = false;
  while (!tryToTake(lockFolder)) {
    const owner = ownerOf(lockFolder);
    if (owner !== undefined && !isAlive(owner)) {
      removeStale(lockFolder, owner);
      continue;
    }
    if (Date.now() > giveUpAt) {
      const minutes = Math.round(patienceMs / 60_000);
      throw new SetUpError(
        `another set-up (process ${owner?.pid ?? 'unknown'}) has not ended for ${minutes} minutes; end it, or remove ${lockFolder} if no such process exists, then run again`,
      );
    }
    if (!told && owner !== undefined) {
      say(`waiting for another set-up (process ${owner.pid}) to end`);
      told = true;
    }
    await pause(POLL_MS);
  }
}

/** A folder that already names its owner is moved into place: the lock is never there without an owner. */
function tryToTake(lockFolder) {
  mkdirSync(dirname(lockFolder), { recursive: true });
  const draft = `${lockFolder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft);
  writeFileSync(join(draft, 'owner.json'), JSON.stringify(me()));
  try {
    renameSync(draft, lockFolder);
    return true;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) return false;
    throw new SetUpError(`cannot write ${lockFolder}: ${error.message}; make the folder writable`);
  }
}

/**
 * Two waiting processes may find the same stale lock. Each moves it aside under its own name and looks at what it
 * got: if that was the other one's new lock, it is moved back.
 */
function removeStale(lockFolder, stale) {
  const aside = `${lockFolder}.stale.${process.pid}`;
  try {
    renameSync(lockFolder, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (ownerOf(aside)?.token === stale.token) rmSync(aside, { recursive: true, force: true });
  else renameSync(aside, lockFolder);
}

function ownerOf(lockFolder) {
  try {
    return JSON.parse(readFileSync(join(lockFolder, 'owner.json'), 'utf8'));
  } catch {
    // Given back a moment ago, or being moved: the caller looks again.
    return undefined;
  }
}

function me() {
  return { pid: process.pid, token: `${process.pid}-${startOf(process.pid)}` };
}

/** A process id may come again; with its start time (where the system tells it) it does not. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return 'unknown';
  }
}

function isAlive(owner) {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  return `${owner.pid}-${startOf(owner.pid)}` === owner.token;
}
