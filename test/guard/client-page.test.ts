import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './eventually';
import { freePort } from './redis-process';
import { type Setting, startSetting } from './setting';

const root = join(__dirname, '../..');
const folder = join(root, '.spillway', `client-page-${String(process.pid)}`);
let setting: Setting;
let api: ChildProcess | undefined;

beforeAll(async () => {
  setting = await startSetting();
});

afterAll(async () => {
  if (api?.exitCode === null && api.signalCode === null) {
    const exited = once(api, 'exit');
    api.kill('SIGKILL');
    await exited;
  }
  await rm(folder, { recursive: true, force: true });
  await setting.end();
});

/** The page's example as a CommonJS program, where `await` needs a function around it. */
async function exampleProgram(): Promise<string> {
  const page = await readFile(join(root, 'docs/guard.md'), 'utf8');
  const example = /```ts\n([\s\S]*?)```/.exec(page)?.[1];
  if (example === undefined) throw new Error('docs/guard.md has no example');
  // Here the package's name means its source; test/guard/package.test.ts compiles the example against what is shipped.
  const local = example.replace("'spillway/guard'", JSON.stringify(join(root, 'guard')));
  const imports = local.match(/^import .*$/gm) ?? [];
  const rest = local.replace(/^import .*$/gm, '');
  return `${imports.join('\n')}\nasync function main() {\n${rest}\n}\nvoid main();\n`;
}

test('the example of the client page refuses a suspended subject, and stops on SIGTERM', async () => {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'example.ts');
  await writeFile(file, await exampleProgram());
  const port = await freePort();
  let said = '';
  const started = spawn(process.execPath, ['-r', join(__dirname, '../../infra/local/typescript.js'), file], {
    cwd: root,
    env: { ...process.env, REDIS_URL: setting.redisProcess.url, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  api = started;
  started.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const post = async (appId: string): Promise<number> => {
    const url = `http://127.0.0.1:${String(port)}/items`;
    // Without keep-alive the example's server can close as soon as it is told to.
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'x-app-id': appId, connection: 'close' },
    });
    await response.arrayBuffer();
    return response.status;
  };
  const up = async (): Promise<boolean> => {
    if (started.exitCode !== null) throw new Error(`the example ended: ${said}`);
    return (await post('app_1').catch(() => 0)) === 201;
  };
  await eventually('the example to serve', up, 60_000);

  await setting.suspend('app_1');
  await eventually('app_1 to be refused', async () => (await post('app_1')) === 429);
  expect(await post('app_2')).toBe(201);

  const exited = once(started, 'exit');
  started.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  const refused = await setting.redis.keys('{spillway}:refused:*');
  expect(refused).toHaveLength(1);
});
