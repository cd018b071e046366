import { join } from 'node:path';
import { workFolder } from '../../../infra/local/processes/work-folder';
import { type Definition, readDefinition } from '../../../orchestrator/definition/read-definition';
import { type CompiledPlan, compilePlan } from '../../../orchestrator/release/compile-plan';
import type { RunnerOptions } from '../../../orchestrator/release/run-runner';
import { definitionFolder } from '../definition/definition-folder';
import type { Sql } from './situations';

const options: RunnerOptions = {
  workFolder,
  runnerJar: join(workFolder, 'runner', 'spillway-runner.jar'),
};

const applicationJson = (name: string): string =>
  JSON.stringify({
    name,
    runtime: 'FLINK-2_2',
    capacity: { parallelism: 1, parallelismPerKpu: 1 },
    parameters: {},
  });

function tables(sql: Sql): string {
  return `${sql.settings ?? ''}
CREATE TABLE numbers (
    k STRING,
    j STRING,
    n BIGINT,
    s BIGINT,
    u AS ${sql.units ?? 'n'},
    rowtime AS TO_TIMESTAMP_LTZ(s, 0),
    WATERMARK FOR rowtime AS rowtime - INTERVAL '${sql.delaySeconds ?? 1}' SECOND
) WITH (
    'connector' = 'kinesis',
    'stream.arn' = 'arn:aws:kinesis:us-east-1:000000000000:stream/numbers',
    'format' = 'json',
    ${sql.sourceOptions ?? `'source.silence' = '5 s'`}
);

CREATE TABLE excess (
    detection STRING,
    k STRING,
    units BIGINT,
    s BIGINT${sql.sinkColumns ?? ''}
) WITH (
    'connector' = 'kinesis',
    'stream.arn' = 'arn:aws:kinesis:us-east-1:000000000000:stream/excess',
    'format' = 'json'${sql.sinkOptions ?? ''}
);
${sql.view ?? ''}`;
}

/** Definitions of some releases, each under a name of its own. */
export class Releases {
  private readonly folder: ReturnType<typeof definitionFolder>;

  constructor(releases: Readonly<Record<string, Sql>>) {
    this.folder = definitionFolder(
      Object.fromEntries(
        Object.entries(releases).flatMap(([name, sql]) => [
          [`${name}/application.json`, applicationJson(name)],
          [`${name}/tables/tables.sql`, tables(sql)],
          ...Object.entries(sql.detections).map(([detection, text]) => [
            `${name}/detections/${detection}.sql`,
            text,
          ]),
        ]),
      ) as Record<string, string>,
    );
  }

  get root(): string {
    return this.folder.root;
  }

  definition(name: string): Definition {
    return readDefinition(this.root, name);
  }

  /** The plan that Flink makes of a release. One that is named otherwise is the same: it is kept under one name. */
  plan(name: string): Promise<CompiledPlan> {
    const files = new Map(this.definition(name).files).set('application.json', applicationJson('verdict'));
    return compilePlan({ name: 'verdict', files }, {}, options);
  }

  remove(): void {
    this.folder.remove();
  }
}
