import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { copyArtifacts, moveIntoPlace } from './maven-artifacts.mjs';
import { runMaven } from './run-tool.mjs';
import { filesUnder, hashOf, isFresh, stampOf, writeStamp } from './stamps.mjs';
import { SetUpError, root, workFolder } from './work-folder.mjs';

const flinkSql = join(root, 'flink-sql');
const modules = ['kinesis-connector', 'functions', 'runner'].map((name) => join(flinkSql, name));

const plannerPom = join(root, 'infra', 'local', 'set-up', 'planner.pom.xml');

/** Flink's planner, as `planner/lib/*.jar`: with Flink's libraries and the runner's jar it compiles plans. */
export const flinkPlanner = {
  name: 'planner',
  what: 'Flink’s planner (about 30 MB)',
  inputs: () => hashOf([], [plannerPom]),
  isDone: () => isFresh(stampOf('planner'), flinkPlanner.inputs()),
  async run() {
    const lib = join(workFolder, 'planner', 'lib');
    const only = ['-DexcludeTransitive=true'];
    moveIntoPlace(await copyArtifacts('planner', 'copy-dependencies', lib, flinkPlanner.what, only), lib);
    writeStamp(stampOf('planner'), flinkPlanner.inputs(), filesUnder(lib));
  },
};

/**
 * The runner's fat jar, and beside it the jar that runs the golden cases, built from the Java modules whenever one of
 * their sources changed.
 */
export const runnerJar = {
  name: 'runner',
  what: 'Spillway’s Flink runner',
  inputs: () =>
    hashOf(
      [],
      [
        join(flinkSql, 'pom.xml'),
        ...modules.flatMap((module) => [join(module, 'pom.xml'), ...filesUnder(join(module, 'src', 'main'))]),
        ...filesUnder(join(flinkSql, 'runner', 'src', 'test')),
      ],
    ),
  isDone: () => !existsSync(join(flinkSql, 'pom.xml')) || isFresh(stampOf('runner'), runnerJar.inputs()),
  async run() {
    const inputs = runnerJar.inputs();
    await runMaven(
      'runner',
      ['-q', '-f', join(flinkSql, 'pom.xml'), 'package', '-DskipTests'],
      'the Java modules under flink-sql did not build; if a download failed, check the network and Maven’s mirrors',
    );
    const folder = join(workFolder, 'runner');
    mkdirSync(folder, { recursive: true });
    const targets = ['spillway-runner-cases.jar', 'spillway-runner.jar'].map((jar) => {
      const built = join(flinkSql, 'runner', 'target', jar);
      if (!existsSync(built)) {
        throw new SetUpError(`the build of flink-sql left no ${built}; see flink-sql/runner/pom.xml`);
      }
      const target = join(folder, jar);
      copyFileSync(built, `${target}.new`);
      renameSync(`${target}.new`, target);
      return target;
    });
    writeStamp(stampOf('runner'), inputs, targets);
  },
};
