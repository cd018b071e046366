import { allBinaries } from '../../guard/redis-process';

/**
 * The servers to hold the scripts to, as their versions and programs: the local system's, and with SPILLWAY_FULL=1 every
 * one that this machine has.
 */
export function redisServers(): (readonly [version: string, binary: string])[] {
  const all = allBinaries();
  return process.env['SPILLWAY_FULL'] === '1' ? [...all] : all.slice(0, 1);
}
