import { readdirSync, readFileSync } from 'node:fs';

/**
 * The processes that were started with this `NAME=value` in their environment, as `<pid> <command line>`; jest's own
 * workers are left out. Linux alone tells; elsewhere nothing is found.
 */
export function processesWith(marker: string): string[] {
  return processIds().flatMap((pid) => {
    const environment = read(`/proc/${pid}/environ`);
    if (!environment.includes(marker)) return [];
    const command = read(`/proc/${pid}/cmdline`).join(' ').trim();
    return command === '' || command.includes('jest-worker') ? [] : [`${pid} ${command.slice(0, 200)}`];
  });
}

function processIds(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  } catch {
    return [];
  }
}

/** The zero-separated strings of a file in /proc; none where the process is gone or another user's. */
function read(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\0');
  } catch {
    return [];
  }
}
