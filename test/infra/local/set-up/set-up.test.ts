import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Machine, newMachine } from './machine';

const COPY = 'mvn copy-dependencies';
const ALL = ['npm ci', COPY, 'javac', COPY, COPY, 'mvn package', COPY, 'javac'];
const machines: Machine[] = [];
afterAll(() => machines.forEach((machine) => machine.dispose()));

function machine(name: string): Machine {
  const made = newMachine(name);
  machines.push(made);
  return made;
}

test('brings everything into the work folder and prints nothing on stdout', async () => {
  const fresh = machine('fresh');
  const outcome = await fresh.setUp();

  expect(outcome).toMatchObject({ exitCode: 0, stdout: '' });
  expect(fresh.calls()).toEqual(ALL);
  for (const path of [
    'flink/lib/some.jar',
    'planner/lib/some.jar',
    'dynamodb-local/some.jar',
    'dynamodb-local/classes/LoopbackDynamoDb.class',
    'redis/redis-server',
    'runner/spillway-runner.jar',
  ]) {
    expect([path, existsSync(join(fresh.root, '.spillway', path))]).toEqual([path, true]);
  }
  expect(outcome.stderr).toMatch(/^set-up: npm packages …\nset-up: npm packages: ready after \d/);
});

test('does and prints nothing the second time', async () => {
  const again = machine('again');
  await again.setUp();

  expect(await again.setUp()).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  expect(again.calls()).toEqual(ALL);
});

test('builds the Java modules again when one of their sources changed, and nothing else', async () => {
  const changed = machine('changed');
  await changed.setUp();
  writeFileSync(join(changed.root, 'flink-sql/runner/src/main/Main.java'), 'class Main {}');
  await changed.setUp();

  expect(changed.calls()).toEqual([...ALL, 'mvn package']);
});

test('fetches again what somebody removed', async () => {
  const removed = machine('removed');
  await removed.setUp();
  rmSync(join(removed.root, '.spillway/flink'), { recursive: true });
  await removed.setUp();

  expect(removed.calls()).toEqual([...ALL, COPY]);
});

test('leaves packages alone that somebody installed as the lock file says', async () => {
  const installed = machine('installed');
  mkdirSync(join(installed.root, 'node_modules'));
  writeFileSync(
    join(installed.root, 'node_modules/.package-lock.json'),
    '{"packages":{"node_modules/a":{"version":"1.0.0"}}}',
  );
  await installed.setUp();

  expect(installed.calls()).not.toContain('npm ci');
});

test('says in one line that Java is missing', async () => {
  const bare = machine('no-java');
  bare.remove('java');

  expect(await bare.setUp()).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'set-up: Java 17 or newer is needed, and there is no java on the PATH; install a JDK 17\n',
  });
});

test('says which Java it found when it is too old', async () => {
  const old = machine('old-java');
  old.install('java', 'echo \'java version "11.0.2"\' >&2');
  const { exitCode, stderr } = await old.setUp();

  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^set-up: Java 17 or newer is needed, found version "11\.0\.2": .*install a JDK 17.*\n$/,
  );
});

test('says that Maven runs on an older Java than the one on the PATH', async () => {
  const mixed = machine('old-maven-java');
  mixed.install('mvn', 'echo "Java version: 11.0.2, vendor: any"');
  const { exitCode, stderr } = await mixed.setUp();

  expect(exitCode).toBe(1);
  expect(stderr).toContain('found Java version: 11.0.2: Maven runs on another Java (see JAVA_HOME)');
});

test('says in one line what could not be downloaded, why, and where the log is; the next run goes on there', async () => {
  const offline = machine('offline');
  offline.install('npm', 'echo "npm error code E1" >&2; echo "npm error network unreachable" >&2; exit 7');
  const failed = await offline.setUp();

  expect(failed.exitCode).toBe(1);
  expect(failed.stderr.trim().split('\n')).toHaveLength(2);
  expect(failed.stderr).toMatch(
    /the npm packages could not be installed; check the network.*\(npm ended with 7: npm error network unreachable\); log: .*npm-packages\.log\n$/,
  );

  offline.install('npm', 'mkdir -p "$MACHINE/repository of a test/node_modules"');
  expect((await offline.setUp()).exitCode).toBe(0);
});

test('does each step once when two run at once', async () => {
  const busy = machine('busy');
  const outcomes = await Promise.all([busy.setUp(), busy.setUp(), busy.setUp()]);

  expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(busy.calls()).toEqual(ALL);
});

test('takes over the lock of a set-up that was killed', async () => {
  const killed = machine('killed');
  const gone = spawn(process.execPath, ['-e', '']);
  await once(gone, 'exit');
  const lock = join(killed.root, '.spillway/set-up.lock');
  mkdirSync(lock, { recursive: true });
  writeFileSync(join(lock, 'owner.json'), JSON.stringify({ pid: gone.pid, token: `${gone.pid}-1` }));

  expect((await killed.setUp()).exitCode).toBe(0);
  expect(existsSync(lock)).toBe(false);
});

test('says what to do when no Redis runs here', async () => {
  const broken = machine('no-redis');
  broken.install('valkey-server', 'echo "libssl.so.3: not found" >&2; exit 127');
  const { exitCode, stderr } = await broken.setUp();

  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /does not run here: libssl\.so\.3: not found; install valkey-server or redis-server/,
  );
});
