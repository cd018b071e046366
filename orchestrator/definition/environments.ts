import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { DefinitionFault, UserFault } from '../user-fault';
import { didYouMean } from './did-you-mean';
import type { JsonWithLines } from './json-lines';
import { durationSeconds } from './parameters';
import { readJson } from './read-definition';
import { schemaProblems } from './schema-problems';

const tableName = z
  .string()
  .min(3)
  .max(255)
  .regex(/^[a-zA-Z0-9_.-]+$/);

const streamName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[a-zA-Z0-9_.-]+$/);

const environment = z.strictObject({
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  account: z.string().regex(/^\d{12}$/),
  /** Bucket that takes the releases. */
  codeBucket: z.string().min(3).max(63),
  /** DynamoDB table with the lock, the history and the generations of applications. */
  controlTable: tableName,
  /** Names of the Kinesis streams; they become the parameters usage_stream, excess_stream and set_aside_stream. */
  streams: z.strictObject({ usage: streamName, excess: streamName, setAside: streamName }),
  /** Bucket that takes the batches event sources gave up: their on-failure destination. */
  failedBatchBucket: z.string().min(3).max(63).optional(),
  /** The operator function; `spillway-<environment>-operator` unless given, and `operator` locally. */
  operatorFunction: z.string().min(1).max(170).optional(),
  /** Role that the running application has; `spillway-<environment>-flink` of the account unless given. */
  serviceRole: z.string().optional(),
  /** How long the usage stream keeps records; 24h unless given. */
  usageRetention: z
    .string()
    .refine((text) => durationSeconds(text) !== undefined, 'is no duration such as "24h"')
    .optional(),
  /** How often Flink makes a checkpoint; 10s unless given. */
  checkpointInterval: z
    .string()
    .refine((text) => durationSeconds(text) !== undefined, 'is no duration such as "10s"')
    .optional(),
  /** Tags of the environment's applications in the service, such as those that costs are told by. */
  tags: z.record(z.string().min(1).max(128), z.string().max(256)).optional(),
  /** Values for parameters, over the defaults of application.json. */
  parameters: z.record(z.string(), z.unknown()).optional(),
});

/** Where an application runs. */
export interface Environment extends z.infer<typeof environment> {
  name: string;
  /** The line of a parameter's value in the environments file, for problems. */
  lineOf(parameter: string): number;
  file: string;
}

/** Reads one environment from the environments file. Throws what is wrong with the file or the name. */
export function readEnvironment(file: string, name: string): Environment {
  if (!existsSync(file)) {
    throw new UserFault(
      `there is no ${file}: it says where applications run ` +
        '({ "local": { "region": …, "account": …, "codeBucket": …, "controlTable": …, "streams": {…} } })',
    );
  }
  const json = readJson(file, readFileSync(file, 'utf8'));
  const entries = entriesOf(file, json);
  const known = Object.keys(entries).filter((key) => key !== '$schema');
  if (!known.includes(name)) {
    throw new UserFault(
      `there is no environment "${name}" in ${file}${didYouMean(name, known)}; there are ${known.join(', ')}`,
    );
  }
  const result = environment.safeParse(entries[name]);
  if (!result.success) {
    const keys = Object.keys(environment.shape);
    const problems = schemaProblems(basename(file), json, result.error, keys).map((problem, index) => ({
      ...problem,
      line: json.lineOf([name, ...(result.error.issues[index]?.path ?? [])]),
    }));
    throw new DefinitionFault(`environment ${name}`, problems);
  }
  return {
    ...result.data,
    name,
    file: basename(file),
    lineOf: (parameter) => json.lineOf([name, 'parameters', parameter]),
  };
}

function entriesOf(file: string, json: JsonWithLines): Record<string, unknown> {
  if (typeof json.value === 'object' && json.value !== null && !Array.isArray(json.value)) {
    return json.value as Record<string, unknown>;
  }
  throw new UserFault(`${file} must be an object of environments by their names`);
}
