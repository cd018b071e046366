import { SettingError } from '../../../lambdas/delivery/environment';
import { readSettings } from '../../../lambdas/estimator/settings';

const environment = {
  SPILLWAY_USAGE_STREAM: 'usage',
  SPILLWAY_SET_ASIDE_STREAM: 'set-aside',
  SPILLWAY_TABLES: '{"users":{"subject":"{app_id}","partitionKey":"pk"}}',
};

describe('readSettings', () => {
  it('reads the streams and the tables', () => {
    const settings = readSettings(environment);
    expect(settings).toMatchObject({ usageStream: 'usage', setAsideStream: 'set-aside' });
    expect(settings.tables.get('users')).toEqual({
      subject: { text: '{app_id}', parts: [{ attribute: 'app_id' }] },
      partitionKey: 'pk',
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
    ['a table without its key', { SPILLWAY_TABLES: '{"users":{"subject":"{a}"}}' }, /users\.partitionKey/],
    [
      'a wrong template',
      { SPILLWAY_TABLES: '{"users":{"subject":"a","partitionKey":"pk"}}' },
      /table users: the subject template "a" names no attribute/,
    ],
  ])('says what to do about %s', (_situation, changed, message) => {
    expect(() => readSettings({ ...environment, ...changed })).toThrow(SettingError);
    expect(() => readSettings({ ...environment, ...changed })).toThrow(message);
  });
});
