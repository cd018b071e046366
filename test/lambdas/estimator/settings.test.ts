import { SettingError } from '../../../lambdas/delivery/environment';
import { readSettings } from '../../../lambdas/estimator/settings';

const environment = {
  SPILLWAY_USAGE_STREAM: 'usage',
  SPILLWAY_SET_ASIDE_STREAM: 'set-aside',
  SPILLWAY_TABLES: '{"users":{"subject":"{app_id}"}}',
};

describe('readSettings', () => {
  it('reads the streams and the tables', () => {
    const settings = readSettings(environment);
    expect(settings).toMatchObject({ usageStream: 'usage', setAsideStream: 'set-aside' });
    expect(settings.tables.get('users')).toEqual({
      subject: { text: '{app_id}', parts: [{ text: 'app_id', path: ['app_id'] }] },
      source: 'stream',
      transactions: 'never',
      writingRegion: undefined,
      hashed: { keys: false, subjects: false },
    });
  });

  it('reads what a table may say beside its subject', () => {
    const table = {
      subject: '{app_id}',
      transactions: { attribute: 'token' },
      writingRegion: 'region',
      privacy: 'hash-keys',
    };
    const settings = readSettings({
      ...environment,
      SPILLWAY_TABLES: JSON.stringify({ users: table }),
      SPILLWAY_PRIVACY_SALT: 'sixteen letters!',
      SPILLWAY_CONTROL_TABLE: 'control',
    });
    expect(settings).toMatchObject({ controlTable: 'control', salt: 'sixteen letters!' });
    expect(settings.tables.get('users')).toMatchObject({
      transactions: { attribute: 'token' },
      writingRegion: 'region',
      hashed: { keys: true, subjects: false },
    });
  });

  it.each([
    ['no usage stream', { SPILLWAY_USAGE_STREAM: '' }, /^SPILLWAY_USAGE_STREAM is not set\. Set it to /],
    [
      'no set-aside stream',
      { SPILLWAY_SET_ASIDE_STREAM: undefined },
      /^SPILLWAY_SET_ASIDE_STREAM is not set/,
    ],
    ['no tables', { SPILLWAY_TABLES: undefined }, /^SPILLWAY_TABLES is not set\. Set it to .*"users"/],
    ['tables that are no JSON', { SPILLWAY_TABLES: '{users' }, /^SPILLWAY_TABLES is \{users.*not JSON/],
    ['an empty list of tables', { SPILLWAY_TABLES: '{}' }, /names no table/],
    ['a table without a subject', { SPILLWAY_TABLES: '{"users":{}}' }, /users\.subject/],
    [
      'a setting that does not exist',
      { SPILLWAY_TABLES: '{"users":{"subject":"{a}","partitionKey":"pk"}}' },
      /partitionKey/,
    ],
    [
      'another word for transactions',
      { SPILLWAY_TABLES: '{"users":{"subject":"{a}","transactions":"sometimes"}}' },
      /users\.transactions: write "always", "never" or \{"attribute": "name"\}/,
    ],
    [
      'another word for privacy',
      { SPILLWAY_TABLES: '{"users":{"subject":"{a}","privacy":"yes"}}' },
      /users\.privacy: write "none", "hash"/,
    ],
    [
      'hashes without a salt',
      { SPILLWAY_TABLES: '{"users":{"subject":"{a}","privacy":"hash"}}' },
      /^SPILLWAY_PRIVACY_SALT is not set\. Set it to a secret text/,
    ],
    [
      'a salt that can be guessed',
      { SPILLWAY_TABLES: '{"users":{"subject":"{a}","privacy":"hash"}}', SPILLWAY_PRIVACY_SALT: 'pepper' },
      /has 6 characters, which can be guessed/,
    ],
    [
      'a wrong template',
      { SPILLWAY_TABLES: '{"users":{"subject":"a"}}' },
      /table users: the subject template "a" names no attribute/,
    ],
  ])('says what to do about %s', (_situation, changed, message) => {
    expect(() => readSettings({ ...environment, ...changed })).toThrow(SettingError);
    expect(() => readSettings({ ...environment, ...changed })).toThrow(message);
  });
});
