import { join } from 'node:path';
import { type Environment, readEnvironment } from '../../../orchestrator/definition/environments';
import { definitionFolder } from './definition-folder';

const outputs = {
  SpillwayUsageStream: 'made-usage',
  SpillwayExcessStream: 'made-excess',
  SpillwaySetAsideStream: 'made-set-aside',
  SpillwayCodeBucket: 'made-code',
  SpillwayControlTable: 'made-control',
  SpillwayFlinkRoleArn: 'arn:aws:iam::000000000000:role/made-role',
  SpillwayEstimatorFunction: 'made-estimator',
  ApiUrl: 'none of ours',
};

function read(entry: object, stacks: object | undefined): Environment {
  const folder = definitionFolder({
    'environments.json': JSON.stringify({
      production: { region: 'eu-central-1', account: '000000000000', ...entry },
    }),
    ...(stacks !== undefined && { 'cdk-outputs.json': JSON.stringify(stacks) }),
  });
  try {
    return readEnvironment(join(folder.root, 'environments.json'), 'production');
  } finally {
    folder.remove();
  }
}

test('what CDK made is read from its outputs, and what the entry says itself goes before', () => {
  const entry = { outputs: 'cdk-outputs.json', codeBucket: 'my-code' };
  expect(read(entry, { Web: { Url: 'x' }, Spillway: outputs })).toMatchObject({
    codeBucket: 'my-code',
    streams: { usage: 'made-usage', excess: 'made-excess', setAside: 'made-set-aside' },
    controlTable: 'made-control',
    serviceRole: 'arn:aws:iam::000000000000:role/made-role',
    functions: { estimator: 'made-estimator' },
  });
});

test('of several stacks with the same outputs, one is named', () => {
  const stacks = { Staging: { ...outputs, SpillwayCodeBucket: 'staging-code' }, Production: outputs };
  expect(() => read({ outputs: 'cdk-outputs.json' }, stacks)).toThrow(
    /SpillwayCodeBucket in more than one stack: name the stack/,
  );
  expect(read({ outputs: 'cdk-outputs.json#Production' }, stacks).codeBucket).toBe('made-code');
  expect(() => read({ outputs: 'cdk-outputs.json#Prodution' }, stacks)).toThrow(
    /no stack "Prodution" \(did you mean "Production"\?\)/,
  );
});

test('outputs that are not there, or are not all there, say what to do', () => {
  expect(() => read({ outputs: 'cdk-outputs.json' }, undefined)).toThrow(/cdk deploy --outputs-file/);
  expect(() => read({ outputs: 'cdk-outputs.json' }, { Spillway: { SpillwayUsageStream: 'u' } })).toThrow(
    /no codeBucket and no controlTable and no streams, and cdk-outputs\.json has not all of SpillwayUsageStream, .*SpillwayCodeBucket/,
  );
  expect(() => read({}, undefined)).toThrow(
    /environments\.json:\d+ {2}it has no codeBucket and no controlTable and no streams/,
  );
});
