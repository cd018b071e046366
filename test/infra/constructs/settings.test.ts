import { Connections, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { createHandler as createAlerter } from '../../../lambdas/alerter/handler';
import type { Environment } from '../../../lambdas/delivery/environment';
import { createHandler as createEstimator } from '../../../lambdas/estimator/handler';
import { createHandler as createNotifier } from '../../../lambdas/notifier/handler';
import { createHandler as createOperator } from '../../../lambdas/operator/handler';
import { createHandler as createSuspender } from '../../../lambdas/suspender/handler';
import { type FunctionName, functionNames } from '../../../infra/constructs/functions/entry';
import { build, type Built, buildEverything, resourcesOf } from './built';
import { templateText } from './template-text';

/** Each handler, wired with an environment and let go of at once: by then it has read all its settings. */
const wire: Readonly<Record<FunctionName, (environment: Environment) => unknown>> = {
  estimator: (environment) => {
    createEstimator(environment).close();
  },
  alerter: (environment) => {
    createAlerter(environment).close();
  },
  suspender: (environment) => createSuspender(environment).close(),
  operator: (environment) => createOperator(environment).close(),
  notifier: (environment) => {
    createNotifier(environment).close();
  },
};

/** Variables that no handler reads: Node does, before there is a handler. */
const ofNode = ['NODE_OPTIONS'];

/** What a deployment would put in for what the template only names. */
function deployed(variable: string, value: string): string {
  if (variable === 'SPILLWAY_REDIS_URL')
    return value.replace(/<[^>]+Address>:<[^>]+Port>/, 'cache.example:6379');
  if (!value.includes('{{resolve:secretsmanager:')) return value;
  return variable === 'SPILLWAY_NOTIFY_WEBHOOK_URL' ? 'https://example.com/hook' : 'a'.repeat(64);
}

function variablesOf(built: Built, name: FunctionName): Record<string, string> {
  const id = `Throttle${name[0]?.toUpperCase() ?? ''}${name.slice(1)}Function`;
  const [found] = Object.entries(resourcesOf(built)).filter(
    ([logicalId, { Type }]) => Type === 'AWS::Lambda::Function' && logicalId.startsWith(id),
  );
  if (found === undefined) throw new Error(`there is no function ${id}`);
  const { Variables } = found[1].Properties['Environment'] as { Variables: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(Variables).map(([variable, value]) => [variable, deployed(variable, templateText(value))]),
  );
}

/** Wires the handler and answers which of Spillway's variables it looked at. */
async function readBy(name: FunctionName, variables: Record<string, string>): Promise<string[]> {
  const read = new Set<string>();
  const environment = new Proxy(
    // Lambda sets the region by itself.
    { ...variables, AWS_REGION: 'us-east-1' } as Environment,
    {
      get(target, variable) {
        if (typeof variable === 'string') read.add(variable);
        return typeof variable === 'string' ? target[variable] : undefined;
      },
    },
  );
  await wire[name](environment);
  return [...read].filter((variable) => !variable.startsWith('AWS_')).sort();
}

const own = {
  url: 'rediss://cache.example:6379',
  isCluster: false,
  ca: 'PEM',
};

describe.each(functionNames)('the %s', (name) => {
  const everything = variablesOf(buildEverything(), name);

  test('is given every variable that it reads, and no other', async () => {
    const read = await readBy(name, everything);
    const onlyOfOwnCache = ['SPILLWAY_REDIS_CA'];
    expect(
      Object.keys(everything)
        .filter((variable) => !ofNode.includes(variable))
        .sort(),
    ).toEqual(read.filter((variable) => !onlyOfOwnCache.includes(variable)));
  });
});

test.each(functionNames.filter((name) => name !== 'notifier'))(
  'with nothing switched on, the %s is content with what it is given',
  async (name) => {
    await readBy(name, variablesOf(build(), name));
  },
);

test('a cache of one’s own: its address, its mode, its certificate, and no user where it has none', async () => {
  const built = build((stack) => ({
    cache: {
      ...own,
      connections: new Connections({
        securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Own', 'sg-0123456789abcdef0')],
      }),
    },
  }));
  for (const name of ['suspender', 'operator'] as const) {
    const variables = variablesOf(built, name);
    expect(variables).toMatchObject({
      SPILLWAY_REDIS_URL: own.url,
      SPILLWAY_REDIS_CLUSTER: 'no',
      SPILLWAY_REDIS_CA: 'PEM',
    });
    expect(Object.keys(variables)).not.toContain('SPILLWAY_REDIS_PASSWORD');
    await readBy(name, variables);
  }
});

test('the tables’ settings stand under the names that their streams carry', () => {
  const { SPILLWAY_TABLES = '' } = variablesOf(buildEverything(), 'estimator');
  const settings = JSON.parse(SPILLWAY_TABLES) as Record<string, object>;
  expect(Object.keys(settings).map((key) => key.replace(/[0-9A-F]{8}>$/, ''))).toEqual([
    '<Users',
    '<Events',
    '<Sessions',
  ]);
  expect(Object.values(settings)).toEqual([
    { subject: '{app_id}', privacy: 'hash' },
    { subject: "{pk part 2 by '#'}", transactions: { attribute: 'token' }, writingRegion: 'region' },
    { subject: '{app_id}', source: 'reporter' },
  ]);
});
