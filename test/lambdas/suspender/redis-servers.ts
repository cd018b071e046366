import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const local = join(__dirname, '../../../.spillway/redis/redis-server');

/**
 * The servers to hold the scripts to, as their versions and programs: the local system's, and with SPILLWAY_FULL=1 those
 * of the machine and of SPILLWAY_REDIS_SERVERS, which names programs with colons in between.
 */
export function redisServers(): [version: string, binary: string][] {
  const others = (process.env['SPILLWAY_REDIS_SERVERS'] ?? '').split(':').filter((path) => path !== '');
  const asked =
    process.env['SPILLWAY_FULL'] === '1' ? [local, 'valkey-server', 'redis-server', ...others] : [local];
  const byVersion = new Map<string, string>();
  for (const binary of asked) {
    const { status, stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
    if (status === 0) byVersion.set(stdout.replace(/ sha=.*/s, ''), binary);
  }
  return [...byVersion];
}
