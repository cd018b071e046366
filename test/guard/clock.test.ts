import { Clock } from '../../guard/clock';
import type { GuardEventKind } from '../../guard';
import { type Setting, startSetting } from './setting';

/** A clock on a machine that is so far ahead of the time at which the test stands still. */
function clockAhead(ms: number): { clock: Clock; reported: GuardEventKind[] } {
  jest.spyOn(Date, 'now').mockReturnValue(1_000_000 + ms);
  const reported: GuardEventKind[] = [];
  return { clock: new Clock(undefined, (kind) => reported.push(kind)), reported };
}

afterEach(() => {
  jest.restoreAllMocks();
});

test.each([
  ['a clock that is right', 0, 0],
  ['one that is a second off', 1_000, 1_000],
  ['one that is a minute ahead', 60_000, 0],
  ['one that is a minute behind', -60_000, 0],
])('%s is within a second after it was compared', (_what, aheadMs, restMs) => {
  const { clock, reported } = clockAhead(aheadMs);
  clock.compare({ storeMs: 1_000_000, roundTripMs: 0 });
  expect(clock.now()).toBe(1_000_000 + restMs);
  expect(clock.recent()).toBe(1_000_000 + restMs);
  expect(clock.skewMs).toBe(aheadMs);
  expect(reported).toEqual(Math.abs(aheadMs) > 1_000 ? ['clock-skew'] : []);
});

test('a slow answer proves no skew', () => {
  const { clock } = clockAhead(1_500);
  clock.compare({ storeMs: 1_000_000 - 700, roundTripMs: 1_400 });
  expect(clock.now()).toBe(1_001_500);
});

test('a clock that was set right is not corrected any more', () => {
  const { clock } = clockAhead(60_000);
  clock.compare({ storeMs: 1_000_000, roundTripMs: 0 });
  jest.spyOn(Date, 'now').mockReturnValue(2_000_000);
  clock.compare({ storeMs: 2_000_000, roundTripMs: 0 });
  expect(clock.now()).toBe(2_000_000);
});

describe('a guard', () => {
  let setting: Setting;
  beforeEach(async () => {
    setting = await startSetting();
  });
  afterEach(async () => {
    await setting.end();
  });

  test('on a machine that is ten minutes ahead refuses until the suspension ends by Redis’s clock', async () => {
    const right = Date.now.bind(Date);
    await setting.suspend('app_1');
    jest.spyOn(Date, 'now').mockImplementation(() => right() + 600_000);
    const { guard, events } = await setting.startGuard();
    expect(guard.check('app_1')).toMatchObject({ allowed: false, because: 'suspended' });
    expect(events.map(({ kind }) => kind)).toContain('clock-skew');
    expect(Math.round((guard.state().clockSkewMs ?? 0) / 60_000)).toBe(10);
  });
});
