import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { repositoryRoot } from '../../../infra/local/processes/work-folder';

/** `npm run local` with arguments that it refuses before it starts anything: it ends by itself and says why. */
async function refused(...args: string[]): Promise<string> {
  const preload = join(repositoryRoot, 'infra/local/typescript.js');
  const script = join(repositoryRoot, 'infra/local/local.ts');
  const local = spawn(process.execPath, ['-r', preload, script, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  local.stderr.on('data', (data: Buffer) => (said += data.toString()));
  expect(await once(local, 'close')).toEqual([1, null]);
  expect(said).not.toContain('Servers on');
  return said;
}

test('a taken port is said before anything is started', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = String(typeof address === 'object' ? address?.port : '');
  try {
    expect(await refused('--port', port)).toContain(
      `port ${port} for the example API is taken on 127.0.0.1: end`,
    );
  } finally {
    other.close();
  }
});

test('a number that is none is named, with what it may be', async () => {
  expect(await refused('--suspension-seconds', '2m')).toContain(
    '--suspension-seconds is "2m". Give a whole number',
  );
});
