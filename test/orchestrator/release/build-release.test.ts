import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { readDefinition } from '../../../orchestrator/definition/read-definition';
import { buildRelease, releaseOfKey } from '../../../orchestrator/release/build-release';

const folder = resolve(__dirname, '../../../.spillway/test-release');
const runner = join(folder, 'runner.jar');
const definition = readDefinition(resolve(__dirname, '../definitions'), 'ticking');

/** A runner JAR of two entries, its archive made at the given time. */
function writeRunner(mtime: Date, content = 'code'): void {
  mkdirSync(folder, { recursive: true });
  const entries = {
    'spillway/runner/Main.class': [Buffer.from(content), { mtime }],
    'META-INF/MANIFEST.MF': [Buffer.from('Main-Class: spillway.runner.Main\n'), { mtime }],
  } as const;
  writeFileSync(runner, zipSync({ ...entries } as unknown as Parameters<typeof zipSync>[0]));
}

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a release holds the runner and the files of the definition, the manifest first', () => {
  writeRunner(new Date(2020, 1, 1));
  const entries = unzipSync(buildRelease(definition, runner).jar());
  expect(Object.keys(entries)[0]).toBe('META-INF/MANIFEST.MF');
  expect(Object.keys(entries).sort()).toEqual([
    'META-INF/MANIFEST.MF',
    'spillway/application.json',
    'spillway/detections/count.sql',
    'spillway/runner/Main.class',
    'spillway/tables/counts.sql',
    'spillway/tables/ticks.sql',
  ]);
  expect(Buffer.from(entries['spillway/detections/count.sql'] ?? []).toString()).toBe(
    definition.files.get('detections/count.sql'),
  );
});

test('the same content makes the same bytes and the same name, whenever the runner was built', () => {
  writeRunner(new Date(2020, 1, 1));
  const first = buildRelease(definition, runner);
  const firstJar = first.jar();
  writeRunner(new Date(2025, 5, 5));
  const second = buildRelease(definition, runner);
  expect(second.key).toBe(first.key);
  expect(Buffer.from(second.jar()).equals(Buffer.from(firstJar))).toBe(true);
});

test('other SQL, or another runner, is another release', () => {
  writeRunner(new Date(2020, 1, 1));
  const before = buildRelease(definition, runner).hash;
  const files = new Map(definition.files).set('detections/count.sql', 'INSERT INTO counts SELECT 1, 2;');
  expect(buildRelease({ ...definition, files }, runner).hash).not.toBe(before);
  writeRunner(new Date(2020, 1, 1), 'other code');
  expect(buildRelease(definition, runner).hash).not.toBe(before);
});

test('a key tells its application and hash', () => {
  writeRunner(new Date(2020, 1, 1));
  const release = buildRelease(definition, runner);
  expect(releaseOfKey(release.key)).toEqual({ application: 'ticking', hash: release.hash });
  expect(releaseOfKey('someone/else.jar')).toBeUndefined();
});

test('a missing runner says how to build it', () => {
  expect(() => buildRelease(definition, join(folder, 'none.jar'))).toThrow(/npm run set-up/);
});
