import { z } from 'zod';
import { durationSeconds } from './parameters';

const streamName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[a-zA-Z0-9_.-]+$/);
const tableName = z
  .string()
  .min(3)
  .max(255)
  .regex(/^[a-zA-Z0-9_.-]+$/);
const bucketName = z.string().min(3).max(63);
const functionName = z.string().min(1).max(140);

function duration(example: string): z.ZodString {
  return (
    z
      .string()
      .refine((text) => durationSeconds(text) !== undefined, `is no duration such as "${example}"`)
      // For editors: JSON Schema cannot say the refinement.
      .meta({ pattern: '^[0-9]{1,6}[smh]$' })
  );
}

/** Names of the Kinesis streams; they become the parameters usage_stream, excess_stream and set_aside_stream. */
export const streamNames = z.strictObject({ usage: streamName, excess: streamName, setAside: streamName });

/** Names of Spillway's functions but the operator function. */
export const functionNames = z.strictObject({
  estimator: functionName.optional(),
  alerter: functionName.optional(),
  suspender: functionName.optional(),
});

/** One entry of `environments.json`, as it is written. What CDK made can be left out where `outputs` names its file. */
export const environmentFile = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .describe('Region, such as eu-central-1'),
  account: z
    .string()
    .regex(/^\d{12}$/)
    .describe('Twelve digits; commands refuse to work with the credentials of another account'),
  outputs: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File that `cdk deploy --outputs-file` wrote, from this file’s folder; FILE#STACK where several stacks have the same outputs',
    ),
  codeBucket: bucketName.optional().describe('Bucket that takes the releases'),
  streams: streamNames.optional().describe('Names of the Kinesis streams'),
  controlTable: tableName.optional().describe('DynamoDB table with the lock, generations and history'),
  failedBatchBucket: bucketName
    .optional()
    .describe('Bucket that takes the batches event sources gave up: their on-failure destination'),
  archiveBucket: bucketName.optional().describe('Bucket that keeps usage for billing and backtests'),
  serviceRole: z
    .string()
    .optional()
    .describe(
      'ARN of the running application’s role; spillway-<environment>-flink of the account unless given',
    ),
  operatorFunction: z
    .string()
    .min(1)
    .max(170)
    .optional()
    .describe('The operator function; spillway-<environment>-operator unless given, and operator locally'),
  functions: functionNames.optional().describe('Names of Spillway’s other functions'),
  tables: z.array(tableName).optional().describe('DynamoDB tables that are protected'),
  usageRetention: duration('24h')
    .optional()
    .describe('How long the usage stream keeps records; 24h unless given'),
  checkpointInterval: duration('10s')
    .optional()
    .describe('How often Flink makes a checkpoint; 10s unless given'),
  tags: z
    .record(z.string().min(1).max(128), z.string().max(256))
    .optional()
    .describe('Tags of its applications in the service, such as those that costs are told by'),
  parameters: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Values for parameters, over the defaults of application.json'),
});

/** `environments.json`: where applications run, by name. */
export const environmentsFile = z.object({ $schema: z.string().optional() }).catchall(environmentFile);

export type EnvironmentFile = z.infer<typeof environmentFile>;
