import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startOnPort } from '../../../../infra/local/processes/ports';
import { AddressInUseError } from '../../../../infra/local/processes/readiness';
import { Run } from '../../../../infra/local/processes/run';
import { makeRunFolder } from '../../../../infra/local/processes/run-folders';
import { repositoryRoot, workFolder } from '../../../../infra/local/processes/work-folder';
import { startRedis } from '../../../../infra/local/servers/redis';
import { eventually } from '../../../parts/eventually';

const id = (name: string): string => `test-${name}-${process.pid}`;
const scratch = join(workFolder, 'run', id('folders'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('a run', () => {
  test('leaves no process when its parent is killed by SIGKILL', async () => {
    const { script, pids } = await startScript(id('sigkill'));
    expect(pids.filter(isAlive)).toEqual(pids);

    script.kill('SIGKILL');

    await eventually('all processes to be gone', () => !pids.some(isAlive));
  });

  test('is stopped by the first SIGINT, with a line about it and exit code 130', async () => {
    const { script, pids } = await startScript(id('sigint'));

    script.kill('SIGINT');
    const [[exitCode], said] = await Promise.all([once(script, 'exit'), saidBy(script)]);

    expect(exitCode).toBe(130);
    expect(said).toContain('SIGINT: stopping everything');
    await eventually('all processes to be gone', () => !pids.some(isAlive));
  });

  test('kills a server that does not end when asked to', async () => {
    const { script, pids } = await startScript(id('stubborn'), 'stubborn');
    const end = once(script, 'exit');

    script.kill('SIGINT');

    expect((await end)[0]).toBe(130);
    await eventually('all processes to be gone', () => !pids.some(isAlive));
  });

  test('is stopped by SIGINT while a server is still starting', async () => {
    const { script, pids } = await startScript(id('starting'), 'never-ready');

    const end = once(script, 'exit');
    script.kill('SIGINT');

    expect((await end)[0]).toBe(130);
    await eventually('all processes to be gone', () => !pids.some(isAlive));
  });

  test('ends at once at the second SIGINT, and the reaper ends the rest', async () => {
    const { script, pids } = await startScript(id('twice'), 'stubborn');
    const said: string[] = [];
    script.stderr?.on('data', (data: Buffer) => said.push(data.toString()));
    const end = once(script, 'exit');

    script.kill('SIGINT');
    await eventually('the first signal to be heard', () => said.join('').includes('stopping'));
    // The server takes its five seconds to be killed unless one of these is heard.
    await eventually('the script to end', () => !script.kill('SIGINT'), 4_000);

    expect((await end)[0]).toBe(130);
    await eventually('all processes to be gone', () => !pids.some(isAlive));
  });

  test('takes two signals in one moment for one: npm hands on what the terminal has told already', async () => {
    const { script, pids } = await startScript(id('echoed'), 'stubborn');
    const end = once(script, 'exit');

    script.kill('SIGINT');
    script.kill('SIGTERM');

    const [exitCode] = (await end) as [number];
    // Had the second one ended it at once, the reaper would have begun with the server only now. Which of two signals of
    // one moment comes first is the kernel's choice.
    expect(pids.some(isAlive)).toBe(false);
    expect([130, 143]).toContain(exitCode);
    await eventually('all processes to be gone', () => !pids.some(isAlive));
  });

  test('says why a server did not start, with the end of its log and the path', async () => {
    const run = new Run(id('broken'), () => undefined);
    const starting = run.start({
      name: 'Broken',
      id: 'broken',
      command: process.execPath,
      args: ['-e', 'console.log("no licence found"); process.exitCode = 3'],
      isReady: () => Promise.resolve(false),
      readyWithinMs: 60_000,
    });

    await expect(starting).rejects.toThrow(
      /^Broken ended with exit code 3 before it was ready; the end of .*broken\.log:\n {2}\| no licence found$/,
    );
    await run.stop();
  });

  test('says which program is missing', async () => {
    const run = new Run(id('missing'), () => undefined);
    const starting = run.start({
      name: 'Missing',
      id: 'missing',
      command: join(workFolder, 'no-such-program'),
      args: [],
      isReady: () => Promise.resolve(true),
      readyWithinMs: 60_000,
    });

    await expect(starting).rejects.toThrow(/Missing cannot be started: .*ENOENT.*npm run set-up/);
    await run.stop();
  });

  test('tells when a server ends by itself later', async () => {
    const lines: string[] = [];
    const run = new Run(id('later'), (line) => lines.push(line));
    const server = await run.start({
      name: 'Fragile',
      id: 'fragile',
      command: process.execPath,
      args: ['-e', 'setInterval(() => {}, 1000)'],
      isReady: () => Promise.resolve(true),
      readyWithinMs: 60_000,
    });

    process.kill(server.pid, 'SIGKILL');

    await eventually('the line about it', () =>
      lines.some((line) => line.startsWith('Fragile ended by itself with signal SIGKILL')),
    );
    await run.stop();
  });

  test('refuses the id of a run that is up', async () => {
    const run = new Run(id('taken'), () => undefined);

    expect(() => new Run(id('taken'), () => undefined)).toThrow(/run id test-taken-\d+ is running/);
    await run.stop();
  });
});

describe('a port', () => {
  test('that is wanted and taken is named, with what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const run = new Run(id('port'), () => undefined);

    await expect(startRedis(run, { port })).rejects.toThrow(
      `port ${port} for Redis is taken on 127.0.0.1: end the program that listens there, choose another port`,
    );
    await run.stop();
    other.close();
  });

  test('that was taken between finding and using it is replaced by another', async () => {
    const tried: number[] = [];
    const used = await startOnPort('Redis', undefined, (port) => {
      tried.push(port);
      return tried.length < 3 ? Promise.reject(new AddressInUseError('in use')) : Promise.resolve(port);
    });

    expect(used).toBe(tried[2]);
  });

  test('is not searched for without end', async () => {
    let tries = 0;
    const starting = startOnPort('Redis', undefined, () => {
      tries += 1;
      return Promise.reject(new AddressInUseError('in use'));
    });

    await expect(starting).rejects.toThrow('in use');
    expect(tries).toBe(4);
  });
});

describe('the folders of runs', () => {
  test('whose process is gone are removed, except the newest three', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    ['oldest', 'older', 'old', 'new', 'newest'].forEach((name, i) => {
      mkdirSync(join(scratch, name), { recursive: true });
      writeFileSync(join(scratch, name, 'owner.pid'), String(gone.pid));
      utimesSync(join(scratch, name), i + 1, i + 1);
    });
    mkdirSync(join(scratch, 'alive'));
    writeFileSync(join(scratch, 'alive', 'owner.pid'), String(process.pid));
    utimesSync(join(scratch, 'alive'), 0, 0);

    makeRunFolder(scratch, 'mine');

    expect(readdirSync(scratch).sort()).toEqual(['alive', 'mine', 'new', 'newest', 'old']);
  });
});

async function startScript(runId: string, kind = 'ready'): Promise<{ script: ChildProcess; pids: number[] }> {
  const script = spawn(
    process.execPath,
    ['-r', join(repositoryRoot, 'infra/local/typescript.js'), join(__dirname, 'idle-run.ts'), runId, kind],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [line] = (await once(script.stdout, 'data')) as [Buffer];
  return { script, pids: JSON.parse(line.toString()) as number[] };
}

async function saidBy(script: ChildProcess): Promise<string> {
  return script.stderr === null ? '' : text(script.stderr);
}

/** In a container whose first process waits for nobody, an orphan that has ended stays listed, as a zombie. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}
