import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryRoot } from '../../../../infra/local/processes/work-folder';
import { warmSystem } from '../../../parts/warm-system';
import { drive, type Drive } from './drive';
import { connect, type Endpoint, uploadCode } from './endpoint';
import { untilThere } from './until-there';

// An endpoint in a process of its own that is killed in the middle of an operation and started again.
const BUCKET = 'managed-flink-killed';
const system = warmSystem();
const RUN_JAR = /^\/jars\/[^/]+\/run$/;

/** Between the endpoint and Flink: passes everything on, but keeps requests to run a JAR back while it is told to. */
class Gate {
  private held: (() => void)[] | undefined;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
        const path = request.url ?? '';
        const { held } = this;
        if (held !== undefined && RUN_JAR.test(path)) await new Promise<void>((pass) => held.push(pass));
        const type = request.headers['content-type'];
        const answer = await fetch(system.flinkRestUrl + path, {
          method: request.method ?? 'GET',
          ...(type !== undefined && { headers: { 'content-type': type } }),
          ...(chunks.length > 0 && { body: new Uint8Array(Buffer.concat(chunks)) }),
        });
        response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
      })();
    });
  }

  async open(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  hold(): void {
    this.held = [];
  }

  holding(): number {
    return this.held?.length ?? 0;
  }

  release(): void {
    for (const pass of this.held?.splice(0) ?? []) pass();
    this.held = undefined;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const gate = new Gate();
let flinkRestUrl: string;
let child: ChildProcess;
let endpoint: Endpoint;
let of: Drive;

async function spawnEndpoint(port = 0): Promise<string> {
  child = spawn(
    process.execPath,
    [
      ...['-r', './infra/local/typescript.js', 'infra/local/managed-flink/main.ts'],
      ...['--flink', flinkRestUrl, '--folder', join(system.runFolder, BUCKET), '--port', String(port)],
    ],
    {
      cwd: repositoryRoot,
      env: { ...process.env, ...system.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const { stdout } = child;
  if (stdout === null) throw new Error('the endpoint has no output');
  const [line] = (await once(createInterface(stdout), 'line')) as [string];
  return line;
}

async function kill(): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function flinkJobs(): Promise<{ id: string; status: string }[]> {
  const answer = await fetch(`${system.flinkRestUrl}/jobs`);
  return ((await answer.json()) as { jobs: { id: string; status: string }[] }).jobs;
}

async function trouble(body: object): Promise<void> {
  await fetch(`${endpoint.url}/local/troubles`, { method: 'POST', body: JSON.stringify(body) });
}

async function noTroubleLeft(): Promise<true | undefined> {
  const answer = await fetch(`${endpoint.url}/local/troubles`);
  return ((await answer.json()) as { troubles: unknown[] }).troubles.length === 0 || undefined;
}

beforeAll(async () => {
  flinkRestUrl = await gate.open();
  await uploadCode(BUCKET);
  endpoint = connect(await spawnEndpoint(), BUCKET);
  of = drive(endpoint, BUCKET);
});

afterAll(async () => {
  endpoint.client.destroy();
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  await gate.close();
});

async function again(): Promise<void> {
  await kill();
  await spawnEndpoint(Number(new URL(endpoint.url).port));
}

test('a job that Flink begins only after the endpoint was killed is ended, and the start has failed', async () => {
  const name = 'killed-at-start';
  await endpoint.create(name);
  const before = (await flinkJobs()).map(({ id }) => id);
  gate.hold();
  const starting = await of.start(name);
  await untilThere('the request to run the JAR', () => Promise.resolve(gate.holding() === 1 || undefined));
  await again();
  expect(await endpoint.ended(name, starting)).toMatchObject({
    OperationStatus: 'FAILED',
    OperationFailureDetails: { ErrorInfo: { ErrorString: 'the endpoint was restarted' } },
  });
  expect((await endpoint.describe(name)).ApplicationStatus).toBe('READY');
  gate.release();
  await untilThere('the late job to be cancelled', async () =>
    (await flinkJobs()).find(({ id, status }) => !before.includes(id) && status === 'CANCELED'),
  );
  await endpoint.ended(name, await of.start(name));
  await endpoint.until(name, 'RUNNING');
  await of.remove(name);
});

test('a snapshot that was under way when the endpoint was killed is what Flink made of it', async () => {
  const name = 'killed-at-stop';
  await of.running(name);
  const { id } = await of.jobOf(name);
  await of.stop(name);
  await untilThere('the job to end', async () =>
    (await flinkJobs()).find((job) => job.id === id && job.status === 'FINISHED'),
  );
  await again();
  expect((await endpoint.describe(name)).ApplicationStatus).toBe('READY');
  expect(await of.snapshots(name)).toMatchObject([{ SnapshotStatus: 'READY' }]);
  await of.start(name);
  await endpoint.until(name, 'RUNNING');
  expect(await of.restoredFrom(name)).toContain('/snapshots/savepoint-');
  await of.remove(name);
});

test('killed in an update before the old job was stopped, the old version runs on; after that, nothing runs', async () => {
  const name = 'killed-at-update';
  await of.running(name);
  await trouble({ kind: 'hold', operation: 'UpdateApplication', point: 'begin' });
  const first = await of.update(name, 1, { rate: '30' });
  await untilThere('the update to be held', noTroubleLeft);
  await again();
  expect(await endpoint.ended(name, first)).toMatchObject({ OperationStatus: 'FAILED' });
  expect(await endpoint.describe(name)).toMatchObject({
    ApplicationStatus: 'RUNNING',
    ApplicationVersionId: 1,
  });

  await trouble({ kind: 'hold', operation: 'UpdateApplication', point: 'launch' });
  await of.update(name, 1, { rate: '30' });
  await untilThere('the update to be held', noTroubleLeft);
  await again();
  expect(await endpoint.describe(name)).toMatchObject({
    ApplicationStatus: 'READY',
    ApplicationVersionId: 2,
  });
  expect(await of.snapshots(name)).toMatchObject([{ SnapshotStatus: 'READY' }]);
  await of.remove(name);
});
