import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { UserFault } from '../user-fault';
import { didYouMean } from './did-you-mean';
import type { EnvironmentFile } from './environment-file';
import { readJson } from './read-definition';

/** The outputs that are read, and what each is in `environments.json` (docs/environments.md). Others are none of ours. */
export const outputKeys = {
  SpillwayUsageStream: 'streams.usage',
  SpillwayExcessStream: 'streams.excess',
  SpillwaySetAsideStream: 'streams.setAside',
  SpillwayCodeBucket: 'codeBucket',
  SpillwayFailedBatchBucket: 'failedBatchBucket',
  SpillwayArchiveBucket: 'archiveBucket',
  SpillwayControlTable: 'controlTable',
  SpillwayFlinkRoleArn: 'serviceRole',
  SpillwayEstimatorFunction: 'functions.estimator',
  SpillwayAlerterFunction: 'functions.alerter',
  SpillwaySuspenderFunction: 'functions.suspender',
  SpillwayOperatorFunction: 'operatorFunction',
} as const;

type OutputKey = keyof typeof outputKeys;

/** By stack, then by output: the file of `cdk deploy --outputs-file`. */
const outputsFile = z.record(z.string(), z.record(z.string(), z.string()));

/**
 * An entry of `environments.json` with what CDK's outputs say in it; what the entry says itself goes before. Throws a
 * UserFault where the file is missing, is none of CDK's, or has an output twice.
 */
export function withCdkOutputs(entry: EnvironmentFile, environmentsFile: string): EnvironmentFile {
  if (entry.outputs === undefined) return entry;
  const [path = '', stack] = entry.outputs.split('#');
  const file = resolve(dirname(environmentsFile), path);
  const outputs = ourOutputs(file, stack, readStacks(file));
  const streams = {
    usage: outputs.get('SpillwayUsageStream'),
    excess: outputs.get('SpillwayExcessStream'),
    setAside: outputs.get('SpillwaySetAsideStream'),
  };
  const functions = present({
    estimator: outputs.get('SpillwayEstimatorFunction'),
    alerter: outputs.get('SpillwayAlerterFunction'),
    suspender: outputs.get('SpillwaySuspenderFunction'),
  });
  const { usage, excess, setAside } = streams;
  const read = present({
    streams:
      usage !== undefined && excess !== undefined && setAside !== undefined
        ? { usage, excess, setAside }
        : undefined,
    codeBucket: outputs.get('SpillwayCodeBucket'),
    failedBatchBucket: outputs.get('SpillwayFailedBatchBucket'),
    archiveBucket: outputs.get('SpillwayArchiveBucket'),
    controlTable: outputs.get('SpillwayControlTable'),
    serviceRole: outputs.get('SpillwayFlinkRoleArn'),
    operatorFunction: outputs.get('SpillwayOperatorFunction'),
  });
  return { ...read, ...entry, functions: { ...functions, ...entry.functions } };
}

function readStacks(file: string): z.infer<typeof outputsFile> {
  if (!existsSync(file)) {
    throw new UserFault(
      `there is no ${file}, which environments.json names as "outputs": write it with \`cdk deploy --outputs-file ${file}\``,
    );
  }
  const result = outputsFile.safeParse(readJson(file, readFileSync(file, 'utf8')).value);
  if (result.success) return result.data;
  throw new UserFault(
    `${file} is no file of CDK's outputs (texts by stack and output): write it with \`cdk deploy --outputs-file\``,
  );
}

function ourOutputs(
  file: string,
  only: string | undefined,
  stacks: z.infer<typeof outputsFile>,
): ReadonlyMap<OutputKey, string> {
  const names = Object.keys(stacks);
  if (only !== undefined && !names.includes(only)) {
    throw new UserFault(
      `${file} has no stack "${only}"${didYouMean(only, names)}; there are ${names.join(', ')}`,
    );
  }
  const found = new Map<OutputKey, string>();
  for (const [stack, outputs] of Object.entries(stacks)) {
    if (only !== undefined && stack !== only) continue;
    for (const key of Object.keys(outputKeys) as OutputKey[]) {
      const value = outputs[key];
      if (value === undefined) continue;
      const before = found.get(key);
      if (before !== undefined && before !== value) {
        throw new UserFault(
          `${file} has ${key} in more than one stack: name the stack, as "outputs": "FILE#${stack}" of environments.json`,
        );
      }
      found.set(key, value);
    }
  }
  return found;
}

/** Without the keys whose value is not known. */
function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
