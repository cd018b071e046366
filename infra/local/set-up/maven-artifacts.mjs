import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runMaven, runTool } from './run-tool.mjs';
import { filesUnder, hashOf, isFresh, stampOf, writeStamp } from './stamps.mjs';
import { root, workFolder } from './work-folder.mjs';

const here = join(root, 'infra', 'local', 'set-up');
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1';
const TO_DO = 'check the network and the mirrors in Maven’s settings.xml, then run again';

/** Copies (or unpacks) what the pom names, with what that needs, into a new folder beside `target`; returns its path. */
export async function copyArtifacts(name, goal, target, what, more = []) {
  const draft = `${target}.new`;
  rmSync(draft, { recursive: true, force: true });
  const pom = join(here, `${name}.pom.xml`);
  await runMaven(
    name,
    ['-f', pom, `${PLUGIN}:${goal}`, '-DincludeScope=runtime', `-DoutputDirectory=${draft}`, ...more],
    `${what} could not be fetched; ${TO_DO}`,
  );
  return draft;
}

/** Moves the finished folder into its place. */
export function moveIntoPlace(draft, target) {
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { recursive: true, force: true });
  renameSync(draft, target);
}

/** Flink's libraries, as `flink/lib/*.jar`. */
export const flinkLibraries = {
  name: 'flink',
  what: 'Flink’s libraries (about 200 MB)',
  inputs: () => hashOf([], [join(here, 'flink.pom.xml')]),
  isDone: () => isFresh(stampOf('flink'), flinkLibraries.inputs()),
  async run() {
    const lib = join(workFolder, 'flink', 'lib');
    moveIntoPlace(await copyArtifacts('flink', 'copy-dependencies', lib, flinkLibraries.what), lib);
    writeStamp(stampOf('flink'), flinkLibraries.inputs(), filesUnder(lib));
  },
};

/** DynamoDB Local's jars and native library, and the launcher that keeps it on 127.0.0.1. */
export const dynamoDbLocal = {
  name: 'dynamodb-local',
  what: 'DynamoDB Local (about 50 MB)',
  inputs: () => hashOf([], [join(here, 'dynamodb-local.pom.xml'), join(here, 'LoopbackDynamoDb.java')]),
  isDone: () => isFresh(stampOf('dynamodb-local'), dynamoDbLocal.inputs()),
  async run() {
    const folder = join(workFolder, 'dynamodb-local');
    const draft = await copyArtifacts('dynamodb-local', 'copy-dependencies', folder, dynamoDbLocal.what);
    await runTool(
      'dynamodb-launcher',
      'javac',
      ['-cp', join(draft, '*'), '-d', join(draft, 'classes'), join(here, 'LoopbackDynamoDb.java')],
      'the launcher of DynamoDB Local did not compile; report this with its log',
    );
    moveIntoPlace(draft, folder);
    writeStamp(stampOf('dynamodb-local'), dynamoDbLocal.inputs(), filesUnder(folder));
  },
};

/** Trino's jars and the program that answers queries with them, for the cases of billing definitions. */
export const trino = {
  name: 'trino',
  what: 'Trino (about 130 MB)',
  inputs: () =>
    hashOf([], [join(here, 'trino.pom.xml'), join(root, 'athena-sql', 'trino', 'TrinoQueries.java')]),
  isDone: () => isFresh(stampOf('trino'), trino.inputs()),
  async run() {
    const folder = join(workFolder, 'trino');
    const draft = await copyArtifacts('trino', 'copy-dependencies', folder, trino.what);
    await runTool(
      'trino-queries',
      'javac',
      [
        '-cp',
        join(draft, '*'),
        '-d',
        join(draft, 'classes'),
        join(root, 'athena-sql', 'trino', 'TrinoQueries.java'),
      ],
      'the program that asks Trino did not compile; report this with its log',
    );
    moveIntoPlace(draft, folder);
    writeStamp(stampOf('trino'), trino.inputs(), filesUnder(folder));
  },
};
