import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Ran, runSpillway } from '../run-spillway';
import type { StandIn } from '../stand-ins/http-server';
import { type Identity, startSts } from '../stand-ins/sts';

// Mistakes that everybody makes, each with what to do next. STS is a stand-in; nothing else is asked before it.
const definitions = resolve(__dirname, '..', 'definitions');
let folder: string;
let sts: StandIn;
let identity: Identity;
const processEnvironment = { ...process.env };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-mistakes-'));
  const production = {
    region: 'eu-central-1',
    account: '111122223333',
    codeBucket: 'code',
    controlTable: 'control',
    streams: { usage: 'u', excess: 'e', setAside: 's' },
  };
  writeFileSync(join(folder, 'environments.json'), JSON.stringify({ production, staging: production }));
  sts = await startSts(() => identity);
});

afterAll(async () => {
  process.env = processEnvironment;
  rmSync(folder, { recursive: true });
  await sts.stop();
});

function spillway(args: readonly string[], variables: Record<string, string> = {}): Promise<Ran> {
  const places = ['--definitions', definitions, '--environments', join(folder, 'environments.json')];
  return runSpillway([...args, ...places], variables);
}

function onAws(...args: string[]): Promise<Ran> {
  return spillway([...args, '--env', 'production'], {
    AWS_ENDPOINT_URL_STS: sts.endpoint,
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
}

async function stderrOf(ran: Promise<Ran>): Promise<string> {
  const { exitCode, stdout, stderr } = await ran;
  expect([exitCode, stdout]).toEqual([1, '']);
  return stderr;
}

test('an unknown environment: the nearest is offered', async () => {
  expect(await stderrOf(spillway(['status', '--env', 'prodction']))).toMatch(
    /there is no environment "prodction" in .* \(did you mean "production"\?\); there are production, staging/,
  );
});

test.each([
  [['statsu'], "unknown command 'statsu'\n(Did you mean status?)"],
  [['snapshots', 'lst'], "unknown command 'lst'\n(Did you mean list?)"],
  [['stop', '--forse'], "unknown option '--forse'\n(Did you mean --force?)"],
  [['scale'], "required option '--parallelism <count>' not specified"],
])('%j: the message says what is near', async (args, message) => {
  expect(await stderrOf(runSpillway(args))).toContain(message);
});

test('the credentials of another account are refused before anything is asked', async () => {
  identity = { account: '999988887777', arn: 'arn:aws:sts::999988887777:assumed-role/dev/me' };
  expect(await stderrOf(onAws('stop', 'ticking'))).toMatch(
    /the credentials are of account 999988887777 \(arn:.*\), but production is account 111122223333: set AWS_PROFILE/,
  );
});

test.each([
  ['ExpiredToken', 'the credentials have expired: sign in again'],
  ['InvalidClientTokenId', 'the credentials are not known to AWS: sign in again'],
] as const)('%s says to sign in', async (error, next) => {
  identity = { error };
  expect(await stderrOf(onAws('status'))).toContain(next);
});

test('missing credentials say how to sign in', async () => {
  // The SDK's own chain looks in this process's environment, its files and the machine's metadata.
  process.env = {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(folder, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
  };
  const text = await stderrOf(
    spillway(['status', '--env', 'production'], { AWS_ENDPOINT_URL_STS: sts.endpoint }),
  );
  process.env = processEnvironment;
  expect(text).toContain('CredentialsProviderError');
  expect(text).toContain('sign in (`aws sso login`) or set AWS_PROFILE');
});

test('--set of an unknown parameter, and one that is no assignment', async () => {
  const at = ['--env', 'production'];
  expect(await stderrOf(spillway(['render', 'ticking', '--set', 'rat=5', ...at]))).toContain(
    '--set rat: there is no such parameter (did you mean "rate"?)',
  );
  expect(await stderrOf(spillway(['render', 'ticking', '--set', 'rate', ...at]))).toContain(
    'write it as name=value',
  );
});
