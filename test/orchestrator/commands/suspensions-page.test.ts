import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Handler } from '../../../infra/local/event-sources/invoke';
import { startLambda } from '../../../infra/local/lambda/server';
import { policy } from '../../../lambdas/contracts/policy';
import { createHandler } from '../../../lambdas/operator/handler';
import { defaultPolicy } from '../../../lambdas/suspender/default-policy';
import { startRedisProcess } from '../../guard/redis-process';
import { uniqueName } from '../../infra/local/event-sources/streams-of-one-test';
import { newControlTable } from '../../lambdas/suspender/control-tables';
import { startSetting } from '../../lambdas/suspender/setting';
import { warmSystem } from '../../parts/warm-system';
import { runSpillway } from '../run-spillway';

const page = readFileSync(resolve(__dirname, '../../../docs/suspensions.md'), 'utf8');

/** Each command of the page with the output that follows it, in order. */
function examples(): { args: string[]; output: string }[] {
  const blocks = [...page.matchAll(/```console\n(.*?)```/gs)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ spillway /m)
      .slice(1)
      .map((text) => {
        const [command = '', ...output] = text.split('\n');
        const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word = '']) => quoted ?? word);
        return { args, output: output.join('\n') };
      }),
  );
}

/** Without what differs from run to run: moments, what is left of a length, the user, and whose hour it is. */
function plain(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'MOMENT')
    .replace(/\(\d+ (s|min)\)/g, '(LEFT)')
    .replace(/local:\S+?:/g, 'local:USER:')
    .replace(/^(this|last) hour: .*\n/gm, '')
    .replace(/ +/g, ' ');
}

test('each command of the page prints what the page shows', async () => {
  const functions = new Map<string, Handler<unknown>>();
  const table = await newControlTable();
  const lambda = await startLambda({ functions, log: () => undefined });
  const redisProcess = await startRedisProcess();
  const setting = await startSetting(redisProcess, table, {
    ...defaultPolicy,
    default: { ...defaultPolicy.default, jitter: 0 },
  });
  setting.nowMs = Math.floor(Date.now() / 1000) * 1000;
  const quiet = (): void => undefined;
  const operator = createHandler(setting.environment, quiet, quiet);
  functions.set('operator', operator);
  const folder = join(warmSystem().runFolder, uniqueName('suspensions-page'));
  mkdirSync(folder, { recursive: true });
  const streams = { usage: 'usage', excess: 'excess', setAside: 'set-aside' };
  const local = {
    region: 'us-east-1',
    account: '000000000000',
    codeBucket: 'code',
    controlTable: table,
    streams,
  };
  writeFileSync(join(folder, 'environments.json'), JSON.stringify({ local }));
  const environment = {
    ...warmSystem().environment,
    AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
    AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: 'http://127.0.0.1:1',
  };
  try {
    await setting.excess({ subject: 'app_7', key: 'S:app_7' });
    await setting.excess({ subject: 'app_9', key: 'S:app_9' });
    expect(examples().length).toBeGreaterThan(5);
    for (const { args, output } of examples()) {
      const { stdout } = await runSpillway([...args, '--definitions', folder], environment);
      expect(plain(stdout)).toBe(plain(output));
    }
  } finally {
    await operator.close();
    await setting.end();
    await lambda.stop();
    await redisProcess.kill();
  }
});

test('the page’s policy is one, and is the built-in one but for its rules', () => {
  const json = /```json\n(.*?)```/s.exec(page)?.[1] ?? '';
  const { rules, ...rest } = policy.parse(JSON.parse(json));
  expect(rules).toHaveLength(2);
  expect({ ...rest, rules: [] }).toEqual(defaultPolicy);
});
