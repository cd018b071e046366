import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../../../infra/local/processes/work-folder';

const { scripts } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/**
 * npm tells a signal to the shell that it started, and the shell, while it waits, tells nobody: without `exec` whoever
 * stops npm leaves the system behind.
 */
test.each(['demo', 'local', 'spillway', 'bench', 'test', 'test:full'])(
  'npm run %s becomes the program it starts, so that a signal to npm reaches it',
  (name) => {
    expect(scripts[name]?.split(' && ').at(-1)).toMatch(/^exec /);
  },
);

test('npm run spillway hands its arguments and its exit code through', async () => {
  const npm = spawn('npm', ['run', '-s', 'spillway', '--', 'aply'], { cwd: repositoryRoot });
  const said: string[] = [];
  npm.stderr.on('data', (data: Buffer) => said.push(data.toString()));
  expect(await once(npm, 'close')).toEqual([1, null]);
  expect(said.join('')).toContain('Did you mean apply?');
});
