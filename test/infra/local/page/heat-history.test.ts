import * as fc from 'fast-check';
import {
  heatAt,
  heatCurve,
  HeatHistory,
  type KeyUsage,
  peakHeat,
} from '../../../../infra/local/page/heat-history';
import { usageOf } from './page-records';

const now = 1_790_000_000;

/** Seconds and units of one key, some seconds more than once. */
const writes = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 50 })), {
  maxLength: 40,
});

function historyOf(entries: readonly (readonly [number, number])[]): KeyUsage {
  const history = new HeatHistory();
  entries.forEach(([second, units], index) => {
    history.add(usageOf('app', now + second, units, `batch-${index}`), now, now + 60);
  });
  return (
    history.all()[0] ?? {
      resource: 'documents',
      key: 'S:app',
      subject: 'app',
      unitsBySecond: new Map<number, number>(),
    }
  );
}

/** By definition: the units of every second from which the window still reaches. */
function heatByDefinition(
  entries: readonly (readonly [number, number])[],
  second: number,
  windowSeconds: number,
): number {
  return entries
    .filter(([at]) => at <= second && at > second - windowSeconds)
    .reduce((sum, [, units]) => sum + units, 0);
}

describe('heat of a key', () => {
  it('is what the window holds, at every second, at its peak and along its curve', () => {
    fc.assert(
      fc.property(
        writes,
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 4 }),
        (entries, window, step) => {
          const usage = historyOf(entries);
          const seconds = Array.from({ length: 61 }, (_, second) => second);
          const heats = seconds.map((second) => heatByDefinition(entries, second, window));
          expect(seconds.map((second) => heatAt(usage, now + second, window))).toEqual(heats);
          for (const from of [0, 7]) {
            expect(peakHeat(usage, now + from, window)).toBe(Math.max(...heats.slice(from)));
            expect(heatCurve(usage, now + from, now + 60, step, window)).toEqual(
              heats.slice(from).filter((_, index) => index % step === 0),
            );
          }
        },
      ),
    );
  });
});

describe('HeatHistory', () => {
  it('counts a record that comes again once', () => {
    const history = new HeatHistory();
    expect(history.add(usageOf('app', now, 5), now - 10, now)).toBe(true);
    expect(history.add(usageOf('app', now, 5), now - 10, now)).toBe(false);
    expect(history.all().map((usage) => heatAt(usage, now, 120))).toEqual([5]);
  });

  it('leaves out what is too old, and what says that it is from the future', () => {
    const history = new HeatHistory();
    expect(history.add(usageOf('app', now - 11, 5), now - 10, now)).toBe(false);
    expect(history.add(usageOf('app', now + 61, 5), now - 10, now)).toBe(false);
    expect(history.all()).toEqual([]);
  });

  it('forgets seconds, and keys without any', () => {
    const history = new HeatHistory();
    history.add(usageOf('old', now - 5, 1), now - 10, now);
    history.add(usageOf('new', now, 1), now - 10, now);
    history.forgetBefore(now - 4);
    expect(history.all().map(({ subject }) => subject)).toEqual(['new']);
  });

  it('holds no more keys than it may, and lets go of those that wrote longest ago', () => {
    const history = new HeatHistory(10);
    for (let index = 0; index < 25; index += 1) {
      history.add(usageOf(`app_${index}`, now + index, 1), now, now + 25);
      expect(history.all().length).toBeLessThanOrEqual(10);
    }
    expect(history.all().at(-1)?.subject).toBe('app_24');
    expect(history.all().map(({ subject }) => subject)).not.toContain('app_0');
  });
});
