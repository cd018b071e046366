import type { Desired } from '../../../orchestrator/rollout/desired';
import { rolloutSteps } from '../../../orchestrator/rollout/steps';
import type { ApplicationStatus, ObservedApplication } from '../../../orchestrator/service/application';

const desired: Desired = {
  name: 'spillway-local-heat',
  settings: {
    runtime: 'FLINK-2_2',
    serviceRole: 'arn:aws:iam::000000000000:role/x',
    bucket: 'code',
    codeKey: 'releases/heat/1.jar',
    parallelism: 2,
    parallelismPerKpu: 1,
    checkpointIntervalSeconds: 10,
    parameters: { limit: '60000', window: '2m' },
  },
};

function observed(
  status: ApplicationStatus,
  changes: Partial<ObservedApplication> = {},
): ObservedApplication {
  return {
    ...desired.settings,
    name: desired.name,
    arn: 'arn:aws:kinesisanalytics:us-east-1:000000000000:application/spillway-local-heat',
    status,
    version: 1,
    conditionalToken: 'token',
    createdAt: new Date(0),
    ...changes,
  };
}

function kinds(application: ObservedApplication | undefined): string[] {
  return rolloutSteps(application, desired).steps.map(({ kind }) => kind);
}

test('what is not there is created and started', () => {
  expect(kinds(undefined)).toEqual(['upload', 'create', 'start']);
});

test('what runs as wanted is left alone', () => {
  expect(rolloutSteps(observed('RUNNING'), desired)).toEqual({ differences: [], steps: [] });
});

test('what is as wanted and stopped is started', () => {
  expect(kinds(observed('READY'))).toEqual(['start']);
});

test('another parameter stops, updates and starts what runs', () => {
  const running = observed('RUNNING', { parameters: { limit: '5', window: '2m' } });
  expect(rolloutSteps(running, desired).differences).toEqual([
    { what: 'parameter limit', from: '5', to: '60000' },
  ]);
  expect(kinds(running)).toEqual(['upload', 'stop', 'update', 'start']);
});

test('another release updates and starts what is stopped', () => {
  const stopped = observed('READY', { codeKey: 'releases/heat/0.jar' });
  expect(kinds(stopped)).toEqual(['upload', 'update', 'start']);
});

test('a parameter that only one side knows is a difference', () => {
  const running = observed('RUNNING', { parameters: { limit: '60000', window: '2m', old: '1' } });
  expect(rolloutSteps(running, desired).differences).toEqual([
    { what: 'parameter old', from: '1', to: undefined },
  ]);
});
