import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Guard } from '../../guard';
import { type ExampleApi, startExampleApi } from '../../infra/local/example/api';
import { type LocalSpillway, startLocalSpillway } from '../../infra/local/spillway';
import type { LogLine } from '../../lambdas/delivery/log';
import { runSpillway } from '../orchestrator/run-spillway';
import { eventually } from '../parts/eventually';
import { warmSystem } from '../parts/warm-system';
import { applyThrottle, removeApplication } from './throttle';
import { until } from './until';

const name = 'path';

describe('from a write to its refusal', () => {
  const log: LogLine[] = [];
  let environments: string;
  let spillway: LocalSpillway;
  let guard: Guard;
  let api: ExampleApi;

  beforeAll(async () => {
    const system = warmSystem();
    spillway = await startLocalSpillway(system, {
      name,
      suspensionSeconds: 5,
      log: (line) => log.push(line),
    });
    const folder = join(system.runFolder, 'end-to-end', name);
    mkdirSync(folder, { recursive: true });
    environments = join(folder, 'environments.json');
    await applyThrottle(name, folder, spillway.environment, spillway.resources, {
      limit: '40',
      delay: '1s',
      silence: '2s',
    });
    guard = spillway.createGuard({ flushSeconds: 0.2 });
    await guard.start();
    api = await startExampleApi(spillway.dynamodb, guard);
  });
  afterAll(async () => {
    await api.stop();
    await guard.stop();
    await removeApplication(spillway.environment, `spillway-${name}-throttle`);
    await spillway.stop();
  });

  async function write(app: string, document: string, kilobytes: number): Promise<Response> {
    const body = 'x'.repeat(kilobytes * 1_000);
    return fetch(`${api.url}/apps/${app}/documents/${document}`, { method: 'PUT', body });
  }

  it('refuses the tenant that passed the limit, lets the others write, and lets it write again afterwards', async () => {
    for (let i = 0; i < 11; i += 1) expect((await write('app_hot', `copy-${i}`, 4)).status).toBe(200);
    expect((await write('app_calm', 'note', 30)).status).toBe(200);

    await until(() => !guard.check('app_hot').allowed, 'the suspension of app_hot');
    const refused = await write('app_hot', 'one-more', 1);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(await refused.json()).toMatchObject({ subject: 'app_hot', status: 429 });
    expect((await write('app_calm', 'note', 1)).status).toBe(200);

    const verdict = guard.check('app_hot');
    if (verdict.allowed) throw new Error('the suspension ended before the test looked at it');
    expect(verdict.suspension).toMatchObject({
      offences: 1,
      reason: {
        application: 'throttle',
        detection: 'partition-heat',
        resource: 'documents',
        key: 'S:app_hot',
        limit: 40,
      },
    });
    // Each document has 4,000 bytes of text and a little for names and keys: 4 units.
    expect(verdict.suspension?.reason.units).toBe(44);

    await until(() => guard.check('app_hot').allowed, 'the end of the suspension');
    expect((await write('app_hot', 'after', 1)).status).toBe(200);
    expect(log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('lets a synthetic subject through, as prove shows, and the log says who asked for its lift', async () => {
    const place = ['--env', name, '--environments', environments, '--json'];
    const { stdout, stderr, exitCode } = await runSpillway(['prove', ...place], spillway.environment);
    if (exitCode !== 0) throw new Error(`${stdout}${stderr}`);
    const { subject, steps } = JSON.parse(stdout) as { subject: string; steps: { name: string }[] };
    expect(steps.map((step) => step.name)).toEqual([
      'operator',
      'application',
      'usage',
      'excess',
      'decision',
      'guards',
      'lift',
    ]);
    const history = await runSpillway(['suspensions', 'history', subject, ...place], spillway.environment);
    expect(JSON.parse(history.stdout)).toMatchObject({
      events: [
        { kind: 'lifted', by: { who: expect.stringMatching(/^arn:aws:/) as string } },
        { kind: 'suspended' },
      ],
    });
  });

  it('has its two figures in status: the one subject, and every request that the guard refused', async () => {
    const args = ['status', 'throttle', '--env', name, '--environments', environments, '--json'];
    type Hours = { subjectsSuspended: number; requestsPrevented: number }[];
    const sumOf = async (): Promise<{ subjects: number; requests: number }> => {
      const { stdout, stderr } = await runSpillway(args, spillway.environment);
      if (stdout === '') throw new Error(stderr);
      const { hours } = (JSON.parse(stdout) as { suspensions: { hours: Hours } }).suspensions;
      const sum = (of: keyof Hours[number]): number => hours.reduce((total, hour) => total + hour[of], 0);
      return { subjects: sum('subjectsSuspended'), requests: sum('requestsPrevented') };
    };
    const { refusals } = guard.state();
    expect(refusals).toBeGreaterThan(0);
    await eventually('the guard’s counts', async () => (await sumOf()).requests === refusals);
    // Two where its heat suspended it again after an hour had turned.
    expect([1, 2]).toContain((await sumOf()).subjects);
  });

  it('has an estimate that calibrate finds equal to what DynamoDB consumed', async () => {
    const calibrate = [
      'calibrate',
      '--lag',
      '0s',
      '--json',
      '--definitions',
      'test/orchestrator/definitions',
    ];
    let resources: unknown;
    await eventually('an estimate of every write', async () => {
      const { stdout } = await runSpillway(calibrate, spillway.environment);
      if (stdout === '') return false;
      ({ resources } = JSON.parse(stdout) as { resources: unknown });
      return (resources as { ratio: number }[]).every(({ ratio }) => ratio === 1);
    });
    expect(resources).toMatchObject([{ resource: 'documents', ratio: 1 }]);
  });
});
