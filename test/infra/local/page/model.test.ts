import type { Excess } from '../../../../lambdas/contracts/excess';
import { PageModel } from '../../../../infra/local/page/model';
import type { PageEvent } from '../../../../infra/local/page/page-event';
import type { PageView } from '../../../../infra/local/page/page-view';
import { excessOf, jobReading, rule, suspensionOf, usageOf } from './page-records';

const startedAtMs = 1_790_000_000_000;
const started = startedAtMs / 1_000;

/** A model and its clock, in seconds since the page started. */
class Page {
  readonly model = new PageModel(startedAtMs);

  at(seconds: number, ...events: readonly PageEvent[]): this {
    for (const event of events) this.model.apply(event, startedAtMs + seconds * 1_000);
    return this;
  }

  view(seconds: number): PageView {
    return this.model.view(startedAtMs + seconds * 1_000);
  }
}

const application = (limit: number): PageEvent => ({
  kind: 'application',
  reading: { name: 'throttle', status: 'RUNNING', version: 1, rule: { ...rule, limit } },
});

/** Usage of a second since the start, which Kinesis took `tookMs` after that second was over. */
const usage = (subject: string, seconds: number, units: number, tookMs = 500): PageEvent => ({
  kind: 'usage',
  record: usageOf(subject, started + seconds, units),
  arrivedAtMs: startedAtMs + (seconds + 1) * 1_000 + tookMs,
});

const store = (
  suspensions: readonly ReturnType<typeof suspensionOf>[],
  refusals: readonly (readonly [string, number])[] = [],
): PageEvent => ({
  kind: 'store',
  suspensions,
  refusals: refusals.map(([subject, count]) => ({ hour: 1, subject, count })),
});

const atMs = (seconds: number): number => startedAtMs + seconds * 1_000;

describe('before traffic', () => {
  it('says what the system is doing, and claims nothing', () => {
    const view = new Page().at(0, { kind: 'phase', text: 'Starting the servers' }).view(1);
    expect(view.headline).toMatchObject({ level: 'calm', text: 'Starting the servers' });
    expect(view.heat.keys).toEqual([]);
    expect(view.rule).toBeNull();
    expect(view.pipeline.every(({ lagMs, level }) => lagMs === null && level === 'calm')).toBe(true);
    expect(view.job).toMatchObject({ state: null, restarts: null, checkpoint: null, level: 'calm' });
  });
});

describe('heat', () => {
  it('goes up with usage, against the limit, and is gone one window later', () => {
    const page = new Page().at(0, application(100)).at(10, usage('app', 9, 60), usage('app', 10, 30));
    const [key] = page.view(11).heat.keys;
    expect(key).toMatchObject({ subject: 'app', heat: 90, limit: 100, peak: 90, state: 'near' });
    expect(key?.points).toEqual([0, 0, 0, 0, 0, 90]);
    expect(page.view(129).heat.keys[0]).toMatchObject({ heat: 30, peak: 90 });
    expect(page.view(130).heat.keys[0]).toMatchObject({ heat: 0, peak: 90, state: 'under' });
  });

  it('at the limit is not over it', () => {
    const page = new Page().at(0, application(100)).at(10, usage('app', 9, 100));
    expect(page.view(10).heat.keys[0]?.state).toBe('near');
    expect(page.at(11, usage('app', 10, 1)).view(11).heat.keys[0]?.state).toBe('over');
    expect(page.view(11).headline).toMatchObject({ level: 'watch', text: 'app is over the limit' });
  });

  it('counts a record that is read again once, in the totals too', () => {
    const page = new Page()
      .at(0, application(100))
      .at(10, usage('app', 9, 60))
      .at(11, usage('app', 9, 60));
    expect(page.view(12).heat.keys[0]?.heat).toBe(60);
    expect(page.view(12).totals).toMatchObject({ units: 60, writes: 1 });
  });

  it('shows six keys, the hottest first, and how many more there are', () => {
    const page = new Page().at(0, application(100));
    for (let index = 10; index < 30; index += 1) page.at(10, usage(`app_${index}`, 9, index === 27 ? 95 : 5));
    const { keys, more, moreHottestShare } = page.view(10).heat;
    expect(keys.map(({ subject }) => subject)).toEqual([
      'app_27',
      'app_10',
      'app_11',
      'app_12',
      'app_13',
      'app_14',
    ]);
    expect({ more, moreHottestShare }).toEqual({ more: 14, moreHottestShare: 0.05 });
  });

  it('keeps keys in their places while their heat moves within a tenth of the limit', () => {
    const page = new Page().at(0, application(100)).at(10, usage('a', 9, 31), usage('b', 9, 32));
    const order = (seconds: number): string[] => page.view(seconds).heat.keys.map(({ subject }) => subject);
    expect(order(10)).toEqual(['a', 'b']);
    page.at(11, usage('b', 10, 7));
    expect(order(11)).toEqual(['a', 'b']);
    page.at(12, usage('b', 11, 1));
    expect(order(12)).toEqual(['b', 'a']);
  });

  it('shows when the limit was changed', () => {
    const page = new Page()
      .at(2, application(100))
      .at(10, usage('app', 9, 60))
      .at(20, application(50));
    expect(page.view(30).heat.keys[0]).toMatchObject({
      limit: 50,
      state: 'over',
      limitSteps: [
        [started + 2, 100],
        [started + 20, 50],
      ],
    });
  });

  it('forgets a key ten minutes and one window after it last wrote', () => {
    const page = new Page().at(0, application(100)).at(10, usage('app', 10, 60));
    expect(page.view(10 + 720).heat.keys).toHaveLength(1);
    expect(page.view(10 + 721).heat.keys).toEqual([]);
  });
});

describe('suspensions', () => {
  it('shows who is suspended, why, and who was released when', () => {
    const first = suspensionOf('app_1', atMs(10), atMs(70));
    const page = new Page().at(0, application(100)).at(11, store([first]));
    expect(page.view(12)).toMatchObject({
      headline: { level: 'watch', text: 'app_1 is suspended' },
      totals: { suspendedNow: 1, suspensions: 1, subjects: 1 },
      suspensions: {
        rows: [{ subject: 'app_1', endedAtMs: null, units: 101, limit: 100, peakSecondUnits: 60 }],
        more: 0,
      },
    });
    expect(page.view(70)).toMatchObject({
      totals: { suspendedNow: 0, suspensions: 1, subjects: 1 },
      suspensions: { rows: [{ subject: 'app_1', endedAtMs: atMs(70), lifted: false }] },
    });
  });

  it('tells a suspension that was lifted from one that ended', () => {
    const page = new Page().at(11, store([suspensionOf('app_1', atMs(10), atMs(70))])).at(30, store([]));
    expect(page.view(31).suspensions.rows).toMatchObject([{ endedAtMs: atMs(30), lifted: true }]);
  });

  it('counts one suspension while an episode moves its end, and another when it comes back', () => {
    const page = new Page()
      .at(11, store([suspensionOf('app_1', atMs(10), atMs(70))]))
      .at(20, store([suspensionOf('app_1', atMs(10), atMs(80))]));
    expect(page.view(75).totals).toMatchObject({ suspendedNow: 1, suspensions: 1 });
    page.at(200, store([suspensionOf('app_1', atMs(200), atMs(260), 2)]));
    expect(page.view(201).totals).toMatchObject({ suspendedNow: 1, suspensions: 2, subjects: 1 });
    expect(page.view(201).suspensions.rows.map(({ offences }) => offences)).toEqual([2, 1]);
  });

  it('does not count an ended one again that the store still holds', () => {
    const ended = store([suspensionOf('app_1', atMs(10), atMs(15))]);
    const page = new Page().at(20, ended).at(21, ended);
    expect(page.view(22).totals).toMatchObject({ suspendedNow: 0, suspensions: 1 });
    expect(page.view(22).suspensions.rows).toHaveLength(1);
  });

  it('shows five and says how many more', () => {
    const many = Array.from({ length: 17 }, (_, index) =>
      suspensionOf(`app_${index}`, atMs(10 + index), atMs(90)),
    );
    const view = new Page().at(30, store(many)).view(31);
    expect(view.suspensions.rows.map(({ subject }) => subject)).toEqual([
      'app_16',
      'app_15',
      'app_14',
      'app_13',
      'app_12',
    ]);
    expect(view.suspensions.more).toBe(12);
    expect(view.headline.text).toBe('17 subjects are suspended');
  });
});

describe('excesses', () => {
  const stated = (windowEnd: number, units: number, changes: Partial<Excess> = {}): PageEvent => ({
    kind: 'excess',
    excess: { ...excessOf('app', started + windowEnd, units), ...changes },
    arrivedAtMs: atMs(windowEnd + 1),
  });

  it('counts a second once, stated early and again when it is closed', () => {
    const page = new Page().at(51, stated(50, 101)).at(56, stated(50, 140)).at(62, stated(60, 150));
    expect(page.view(62).totals.excesses.suspend).toEqual({ episodes: 1, seconds: 2, again: 1 });
  });

  it('is one episode as long as no gap is longer than the window', () => {
    const page = new Page().at(51, stated(50, 101)).at(171, stated(170, 101));
    expect(page.view(171).totals.excesses.suspend.episodes).toBe(1);
    page.at(292, stated(291, 101));
    expect(page.view(292).totals.excesses.suspend.episodes).toBe(2);
  });

  it('tells two detections apart, and what people are only told of from what suspends', () => {
    const page = new Page().at(
      51,
      stated(50, 101),
      stated(50, 101, { detection: 'burst', action: 'suspend' }),
      stated(50, 101, { detection: 'shared-key', action: 'notify', subject: '' }),
    );
    expect(page.view(51).totals.excesses).toEqual({
      suspend: { episodes: 2, seconds: 2, again: 0 },
      notify: { episodes: 1, seconds: 1, again: 0 },
    });
  });
});

describe('the figures by the hour', () => {
  it('are not known before the operator function told them', () => {
    expect(new Page().view(1).hours).toEqual({ rows: [], known: 0, requestsPrevented: 0 });
  });

  it('are shown for five hours, the running one first, and summed up for all', () => {
    const hours = Array.from({ length: 24 }, (_, index) => ({
      hour: 1_000 + index,
      subjectsSuspended: index,
      subjectsSimulated: 0,
      requestsPrevented: 10,
    }));
    const { rows, known, requestsPrevented } = new Page().at(1, { kind: 'figures', hours }).view(1).hours;
    expect(rows.map(({ fromMs }) => fromMs / 3_600_000)).toEqual([1_023, 1_022, 1_021, 1_020, 1_019]);
    expect(rows[0]).toMatchObject({ subjectsSuspended: 23, requestsPrevented: 10 });
    expect([known, requestsPrevented]).toEqual([24, 240]);
  });
});

describe('refusals', () => {
  it('adds up what the guards counted, by subject and by time', () => {
    const page = new Page()
      .at(1, store([], [['app_1', 10]]))
      .at(30, store([], [['app_1', 10]]))
      .at(
        31,
        store(
          [],
          [
            ['app_1', 15],
            ['app_2', 40],
          ],
        ),
      );
    const { refusals, totals } = page.view(85);
    expect(totals).toMatchObject({ refused: 55, refusedLastMinute: 45 });
    expect(refusals.subjects).toEqual([
      { subject: 'app_2', count: 40, lastMinute: 40, lastAtMs: atMs(31) },
      { subject: 'app_1', count: 15, lastMinute: 5, lastAtMs: atMs(31) },
    ]);
    const bars = refusals.buckets.flatMap((count, index) =>
      count === 0 ? [] : [[refusals.fromSecond + index * refusals.bucketSeconds - started, count]],
    );
    expect(bars).toEqual([
      [0, 10],
      [30, 45],
    ]);
  });

  it('counts on when a new hour begins', () => {
    const counts = (hour: number, count: number): PageEvent => ({
      kind: 'store',
      suspensions: [],
      refusals: [{ hour, subject: 'app', count }],
    });
    const page = new Page().at(1, counts(1, 7)).at(2, counts(2, 3)).at(3, counts(2, 4));
    expect(page.view(4).totals.refused).toBe(11);
  });
});

describe('the pipeline', () => {
  const stage = (view: PageView, name: string): PageView['pipeline'][number] => {
    const found = view.pipeline.find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no stage ${name}`);
    return found;
  };

  it('has the same stages from the beginning on', () => {
    const page = new Page();
    const names = (): string[] => page.view(60).pipeline.map(({ name }) => name);
    const before = names();
    page.at(50, usage('app', 49, 1), { kind: 'job', reading: jobReading() });
    expect(names()).toEqual(before);
  });

  it('measures each leg from the times its records carry', () => {
    const view = new Page()
      .at(50, usage('app', 48, 1, 200), usage('app', 49, 1, 900))
      .at(56, { kind: 'excess', excess: excessOf('app', started + 50, 101), arrivedAtMs: atMs(56) })
      .at(57, store([suspensionOf('app', atMs(57), atMs(90))]))
      .view(58);
    expect(stage(view, 'Change → usage stream').lagMs).toBe(900);
    expect(stage(view, 'Window → excess').lagMs).toBe(6_000);
    // The suspension's reason ends 6 s before it.
    expect(stage(view, 'Window → suspension').lagMs).toBe(6_000);
  });

  it('says who holds records up, and raises it to the headline', () => {
    const shard = { shardId: 's', settled: 5, waiting: 7, oldestWaitingMs: 61_000, atTip: false };
    const functions: PageEvent = {
      kind: 'functions',
      progress: { estimator: [shard], alerter: [], suspender: { deleted: 0, left: 0 } },
    };
    const view = new Page().at(1, usage('app', 0, 1), functions).view(2);
    expect(stage(view, 'Table stream → estimator')).toMatchObject({ lagMs: 61_000, level: 'act' });
    expect(view.headline).toMatchObject({ level: 'act', text: 'Stuck: Table stream → estimator' });
  });

  it('takes event time that waits on purpose for well, and one that stands still for stuck', () => {
    const withWatermark = (seconds: number): PageEvent => ({
      kind: 'job',
      reading: jobReading({ watermarkMs: atMs(seconds) }),
    });
    const page = new Page().at(1, application(100), withWatermark(1));
    expect(stage(page.view(36), 'Event time in Flink')).toMatchObject({ lagMs: 35_000, level: 'calm' });
    expect(stage(page.view(50), 'Event time in Flink').level).toBe('watch');
    expect(stage(page.view(100), 'Event time in Flink').level).toBe('act');
  });

  it('wants somebody for a request that was given up', () => {
    const view = new Page()
      .at(1, { kind: 'queue', reading: { waiting: 0, inFlight: 0, deadLetters: 1 } })
      .view(2);
    expect(view.headline).toMatchObject({ level: 'act', text: 'Stuck: Requests → suspender' });
    expect(view.job.deadLetters).toBe(1);
  });
});

describe('the job', () => {
  it('that restarts is not well, though it is RUNNING, until two minutes have passed', () => {
    const page = new Page()
      .at(1, usage('app', 0, 1), { kind: 'job', reading: jobReading() })
      .at(10, { kind: 'job', reading: jobReading({ restarts: 1, lastFailure: 'it broke' }) });
    expect(page.view(11).headline).toEqual({
      level: 'act',
      text: 'The job is not well: RUNNING',
      detail: 'it broke',
    });
    expect(page.view(131).job.level).toBe('calm');
  });

  it('that is gone is not well, unless the application is on its way', () => {
    const gone = (status: string): PageEvent[] => [
      { kind: 'application', reading: { name: 'throttle', status, version: 2, rule } },
      { kind: 'job', reading: undefined },
    ];
    const page = new Page().at(1, { kind: 'job', reading: jobReading() });
    expect(page.at(2, ...gone('UPDATING')).view(3).headline).toMatchObject({
      level: 'watch',
      text: 'The application is UPDATING',
    });
    expect(page.at(4, ...gone('READY')).view(5).headline).toMatchObject({
      level: 'act',
      text: 'The job is not well: READY',
    });
  });

  it('counts what was set aside by reason', () => {
    const aside = (reason: string): PageEvent => ({
      kind: 'set-aside',
      record: { version: 1, setAsideBy: 'flink', reason, detail: '', record: '' },
    });
    const view = new Page().at(1, aside('late'), aside('malformed'), aside('late')).view(2);
    expect(view.job.setAside).toEqual([
      { reason: 'late', count: 2 },
      { reason: 'malformed', count: 1 },
    ]);
  });
});

describe('a part that does not answer', () => {
  it('comes first, with the time since when, and goes when it answers again', () => {
    const page = new Page()
      .at(1, store([suspensionOf('app', atMs(0), atMs(60))]))
      .at(5, { kind: 'silent', part: 'Redis', reason: 'connection refused' })
      .at(9, { kind: 'silent', part: 'Redis', reason: 'timed out' });
    expect(page.view(10)).toMatchObject({
      headline: { level: 'act', text: 'Redis does not answer', detail: 'connection refused' },
      silent: [{ part: 'Redis', sinceMs: atMs(5) }],
    });
    expect(page.at(11, { kind: 'answered', part: 'Redis' }).view(12).silent).toEqual([]);
  });
});
