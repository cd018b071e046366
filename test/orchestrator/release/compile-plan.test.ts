import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { workFolder as realWorkFolder } from '../../../infra/local/processes/work-folder';
import type { ParameterTexts } from '../../../orchestrator/definition/parameter-values';
import { readDefinition } from '../../../orchestrator/definition/read-definition';
import { compilePlan, renderSql } from '../../../orchestrator/release/compile-plan';
import { keepNewest, plannerFiles } from '../../../orchestrator/release/planner-files';
import type { ApplicationFiles, RunnerOptions } from '../../../orchestrator/release/run-runner';
import { DefinitionFault } from '../../../orchestrator/user-fault';

/** A work folder of its own, without plans and archive, over the libraries that set-up fetched. */
const workFolder = join(realWorkFolder, 'test', `plans-${process.pid}`);
const runnerJar = join(realWorkFolder, 'runner', 'spillway-runner.jar');
const options: RunnerOptions = { workFolder, runnerJar };
const nowhere: RunnerOptions = { ...options, java: join(workFolder, 'no-such-java') };
const values: ParameterTexts = { rate: '20', divisor: '2', keys: '3' };
const ticking = withoutRollouts(readDefinition(resolve(__dirname, '../definitions'), 'ticking'));

beforeAll(async () => {
  mkdirSync(workFolder, { recursive: true });
  for (const name of ['flink', 'planner']) {
    mkdirSync(join(workFolder, name));
    symlinkSync(join(realWorkFolder, name, 'lib'), join(workFolder, name, 'lib'));
  }
  // The first plan is also the one that takes long: it makes the archive.
  await compilePlan(ticking, values, options);
});

afterAll(() => {
  rmSync(workFolder, { recursive: true, force: true });
});

/** The application as small as one with state can be: its job has five nodes. */
function withoutRollouts({ name, files }: ApplicationFiles): ApplicationFiles {
  const application = JSON.parse(files.get('application.json') ?? '') as { parameters: object };
  const kept = Object.entries(application.parameters).filter(([parameter]) => parameter in values);
  const text = JSON.stringify({ ...application, parameters: Object.fromEntries(kept) });
  return {
    name,
    files: new Map(files)
      .set('application.json', text)
      .set('tables/counts.sql', "CREATE TABLE counts (k INT, n BIGINT) WITH ('connector' = 'blackhole');\n")
      .set(
        'tables/ticks.sql',
        "CREATE TABLE ticks (k INT) WITH ('connector' = 'datagen', 'rows-per-second' = ${rate}, 'fields.k.max' = ${keys});\n",
      )
      .set(
        'detections/count.sql',
        'INSERT INTO counts\nSELECT k / ${divisor} AS k, COUNT(*) AS n\nFROM ticks\nGROUP BY k / ${divisor};\n',
      ),
  };
}

/** The same application with another text in its only detection. */
function counting(sql: string): { name: string; files: Map<string, string> } {
  return { name: 'ticking', files: new Map(ticking.files).set('detections/count.sql', sql) };
}

/** A stand-in for the JVM, where only how it is treated matters. */
function script(name: string, text: string): string {
  const file = join(workFolder, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return file;
}

test('a plan names its nodes, from the source to the sink', async () => {
  const { flinkVersion, nodes, edges } = await compilePlan(ticking, values, options);
  expect(flinkVersion).toBe('2.2');
  expect(nodes.map(({ id }) => id)).toEqual(nodes.map((_, index) => index + 1));
  expect(nodes.map(({ type }) => type.replace(/_\d+$/, ''))).toEqual([
    'stream-exec-table-source-scan',
    'stream-exec-calc',
    'stream-exec-exchange',
    'stream-exec-group-aggregate',
    'stream-exec-sink',
  ]);
  expect(edges).toHaveLength(nodes.length - 1);
});

test('the same content is compiled once: the second time no JVM is needed', async () => {
  expect(await compilePlan(ticking, values, nowhere)).toEqual(await compilePlan(ticking, values, options));
  await expect(compilePlan(ticking, { ...values, keys: '4' }, nowhere)).rejects.toThrow('install a JDK 17');
});

test('a plan is the same whichever JVM compiled it', async () => {
  const before = await compilePlan(ticking, values, options);
  rmSync(join(workFolder, 'plans'), { recursive: true });
  expect(await compilePlan(ticking, values, options)).toEqual(before);
});

test('a kept plan that was cut off is compiled anew', async () => {
  const before = await compilePlan(ticking, values, options);
  const files = readdirSync(join(workFolder, 'plans'));
  for (const file of files) writeFileSync(join(workFolder, 'plans', file), '{"flinkVersion":');
  expect(await compilePlan(ticking, values, options)).toEqual(before);
});

test('the first plan leaves an archive that this JVM accepts, and the next ones use it', async () => {
  const { archive, jars } = plannerFiles(workFolder, runnerJar, 'java');
  // -Xshare:on ends the JVM where an archive does not fit, instead of going on without it.
  const args = ['-Xshare:on', `-XX:SharedArchiveFile=${archive}`, '-XX:+UseSerialGC'];
  const main = ['-cp', jars.join(delimiter), 'spillway.runner.Main', '--help'];
  const checked = spawnSync('java', [...args, ...main], { encoding: 'utf8' });
  expect([checked.status, checked.stdout.slice(0, 6)]).toEqual([0, 'usage:']);

  const java = script('java-that-tells', `echo "$@" > ${join(workFolder, 'told')}; exec java "$@"`);
  const { archive: ofScript } = plannerFiles(workFolder, runnerJar, java);
  writeFileSync(ofScript, readFileSync(archive));
  await compilePlan(ticking, { ...values, keys: '5' }, { ...options, java });
  expect(readFileSync(join(workFolder, 'told'), 'utf8')).toContain(`-XX:SharedArchiveFile=${ofScript}`);
});

test('of what is kept, the oldest goes first', () => {
  const folder = join(workFolder, 'kept');
  mkdirSync(folder);
  for (const [name, second] of [
    ['old', 1],
    ['new', 3],
    ['middle', 2],
  ] as const) {
    writeFileSync(join(folder, name), name);
    utimesSync(join(folder, name), second, second);
  }
  keepNewest(folder, 2);
  expect(readdirSync(folder).sort()).toEqual(['middle', 'new']);
});

test('what Flink refuses comes with file and line', async () => {
  const wrong = compilePlan(
    counting('INSERT INTO counts\nSELECT k / ${divisor}, nn\nFROM ticks;'),
    values,
    options,
  );
  await expect(wrong).rejects.toThrow(DefinitionFault);
  await expect(wrong).rejects.toThrow(/ticking\/detections\/count\.sql:2 {2}Flink refuses this: .*'nn'/s);
});

test('what the runner refuses comes with file and line, and a wrong value with its name', async () => {
  const second = compilePlan(
    counting('\nCREATE TABLE x AS SELECT ${divisor} AS y;\nINSERT INTO counts SELECT k, 1 FROM ticks;'),
    values,
    options,
  );
  await expect(second).rejects.toThrow(
    'ticking/detections/count.sql:2  CREATE TABLE … AS is a job of its own',
  );
  const value = renderSql(ticking, { ...values, rate: '1001' }, options);
  await expect(value).rejects.toThrow('the values given  rate is 1001, more than its max 1000');
});

test('rendered SQL has the values in it and says where each statement is from', async () => {
  const sql = await renderSql(ticking, { ...values, divisor: '-7' }, options);
  expect(sql).toContain('-- detections/count.sql:1\nINSERT INTO counts\nSELECT k / (-7) AS k,');
  expect(sql).toContain("'rows-per-second' = '20'");
});

test('where set-up has not been, the message says what to do', async () => {
  const bare = { workFolder: join(workFolder, 'bare'), runnerJar };
  await expect(compilePlan(ticking, values, bare)).rejects.toThrow('run `npm run set-up`');
  await expect(renderSql(ticking, values, { ...options, runnerJar: 'none.jar' })).rejects.toThrow(
    "the runner's JAR is not at none.jar: run `npm run set-up`",
  );
});

test('a JVM that does not answer is ended', async () => {
  const java = script('java-that-hangs', 'exec sleep 600');
  const hanging = renderSql(ticking, values, { ...options, java, timeoutSeconds: 0.2 });
  await expect(hanging).rejects.toThrow('did not answer within 0.2 s');
});

test('a JVM that breaks is no fault of the definition', async () => {
  const java = script('java-that-breaks', 'echo "no room" >&2; exit 1');
  const broken = renderSql(ticking, values, { ...options, java });
  await expect(broken).rejects.toThrow('the runner ended with 1:\nno room');
  await expect(broken).rejects.not.toThrow(DefinitionFault);
});

test('nothing is left of a call but what is kept', () => {
  expect(readdirSync(workFolder).filter((name) => name.startsWith('runner-'))).toEqual([]);
});
