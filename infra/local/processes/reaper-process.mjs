/**
 * Ends the process groups of a local system when the process that started them is gone, however it went.
 *
 * It reads `+<pid>` and `-<pid>` lines from stdin. When stdin closes, the parent has stopped everything or has died
 * (even by SIGKILL, which no process can answer): whatever group is still on the list is killed. It runs in a session
 * of its own and ignores the signals of Ctrl-C and of a closed terminal, so that it outlives its parent.
 */
import { createInterface } from 'node:readline';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

const groups = new Set();
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const pid = Number(line.slice(1));
  if (!Number.isInteger(pid) || pid <= 1) return;
  if (line.startsWith('+')) groups.add(pid);
  else groups.delete(pid);
});
lines.on('close', () => {
  for (const pid of groups) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // The group ended by itself: nothing is left to kill.
    }
  }
  process.exit(0);
});
