import { byId, element, fillRow, fixedRows, setAttribute, setText, svg } from './dom.js';
import { count, countdown, counted, duration, percent, time } from './format.js';

/** The sentence on top and the four figures. */
export function overview(view) {
  const { headline, totals, heat, job } = view;
  document.body.dataset.level = headline.level;
  setText(byId('headline'), headline.text);
  setText(byId('headline-detail'), headline.detail);
  setText(byId('clock'), time(view.nowMs));
  setText(byId('suspended-now'), count(totals.suspendedNow));
  setText(byId('suspended-note'), `${counted(totals.subjects, 'subject')} so far`);
  setText(byId('refused'), count(totals.refused));
  setText(byId('refused-note'), `${count(totals.refusedLastMinute)} in last minute`);
  const [hottest] = [...heat.keys].sort((a, b) => share(b) - share(a) || b.heat - a.heat);
  setText(byId('hottest'), hottest === undefined || hottest.limit === null ? '–' : percent(share(hottest)));
  setText(
    byId('hottest-note'),
    hottest === undefined ? 'no key has written' : `${hottest.subject || hottest.key}, of its limit`,
  );
  setText(byId('job-state'), job.state ?? '–');
  setText(byId('job-note'), job.restarts === null ? noJob(job) : counted(job.restarts, 'restart'));
  byId('job-state').closest('.tile').dataset.level = job.level;
  setText(
    byId('heat-rule'),
    view.rule === null
      ? 'no rule known yet'
      : `limit ${count(view.rule.limit)} units in ${counted(view.rule.windowSeconds, 'second')}`,
  );
  setText(byId('heat-more'), heatMore(heat));
  byId('heat-empty').hidden = heat.keys.length > 0;
}

const noJob = ({ status }) => (status === null ? 'no application yet' : `application ${status}`);

const share = (key) => (key.limit === null ? 0 : key.heat / key.limit);

function heatMore({ keys, more, moreHottestShare }) {
  if (more === 0) return keys.length === 0 ? '' : 'and no others';
  const most =
    moreHottestShare === null ? '' : `, the hottest of them at ${percent(moreHottestShare)} of its limit`;
  return `and ${count(more)} more${most}`;
}

export function suspensionTable() {
  const rows = fixedRows(byId('suspensions'), 5, [
    ['', 'subject'],
    ['', 'state'],
    ['since', 'number'],
    ['until', 'number'],
    ['units of limit', 'number'],
    ['hottest second', 'number'],
    ['offence', 'number'],
  ]);
  return ({ suspensions, totals, nowMs }) => {
    setText(
      byId('suspensions-total'),
      `${count(totals.suspendedNow)} in force, ${count(totals.suspensions)} so far`,
    );
    rows.forEach((row, index) => {
      const one = suspensions.rows[index];
      row.row.dataset.state = one === undefined ? '' : one.endedAtMs === null ? 'suspended' : 'released';
      if (index === 0 && one === undefined) {
        fillRow(row, ['Nobody has been suspended.']);
        row.row.classList.add('nobody');
        return;
      }
      row.row.classList.remove('nobody');
      fillRow(row, one && suspensionCells(one, nowMs));
      row.row.title = one === undefined ? '' : reason(one);
    });
    setText(byId('suspensions-more'), suspensions.more > 0 ? `and ${count(suspensions.more)} more` : '');
  };
}

function suspensionCells(one, nowMs) {
  return [
    one.subject,
    one.endedAtMs === null
      ? `${countdown(one.untilMs - nowMs)} left`
      : `${one.lifted ? 'lifted' : 'released'} ${time(one.endedAtMs)}`,
    time(one.sinceMs),
    time(one.untilMs),
    `${count(one.units)} of ${count(one.limit)}`,
    count(one.peakSecondUnits),
    count(one.offences),
  ];
}

const reason = (one) =>
  `${one.detection}: ${count(one.units)} units of ${one.resource} in ${one.windowSeconds} s, limit ${count(one.limit)}; ` +
  `hottest second ${count(one.peakSecondUnits)}, ${counted(one.activeSeconds, 'second')} with writes; refused: ${one.scope}`;

export function refusalPanel() {
  const width = 600;
  const height = 80;
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img' });
  const bars = svg('g');
  picture.append(svg('path', { class: 'base', d: `M0 ${height - 0.5}H${width}` }), bars);
  byId('refusal-bars').append(
    element('div', 'plot', picture),
    element(
      'div',
      'axis',
      element('span', '', '10 min ago'),
      element('span', '', '5'),
      element('span', '', 'now'),
    ),
  );
  const rows = fixedRows(byId('refused-subjects'), 5, [
    ['', 'subject'],
    ['last minute', 'number'],
    ['so far', 'number'],
    ['last at', 'number'],
  ]);
  return ({ refusals, totals }) => {
    const { buckets, bucketSeconds, subjects, more } = refusals;
    const most = Math.max(...buckets);
    const step = width / buckets.length;
    bars.replaceChildren(
      ...buckets.flatMap((value, index) => {
        if (value === 0) return [];
        const tall = Math.max(2, (value / most) * (height - 4));
        return [svg('rect', { x: index * step + 1, y: height - tall, width: step - 2, height: tall })];
      }),
    );
    setText(
      byId('refusals-most'),
      most === 0 ? `in ${bucketSeconds} s each` : `at most ${count(most)} in ${bucketSeconds} s`,
    );
    setAttribute(picture, 'aria-label', `${count(totals.refused)} refused so far`);
    rows.forEach((row, index) => {
      const one = subjects[index];
      row.row.classList.toggle('nobody', index === 0 && one === undefined);
      if (index === 0 && one === undefined) fillRow(row, ['Nothing has been refused.']);
      else fillRow(row, one && [one.subject, count(one.lastMinute), count(one.count), time(one.lastAtMs)]);
    });
    setText(byId('refused-more'), more > 0 ? `and ${count(more)} more` : '');
  };
}

/** The two figures, the running hour first. */
export function hoursPanel() {
  const rows = fixedRows(byId('hours'), 5, [
    ['', 'subject'],
    ['subjects suspended', 'number'],
    ['requests prevented', 'number'],
    ['simulated', 'number'],
  ]);
  return ({ hours }) => {
    const { known, requestsPrevented } = hours;
    setText(byId('hours-total'), known === 0 ? '' : `${count(requestsPrevented)} prevented in ${known} h`);
    rows.forEach((row, index) => {
      const one = hours.rows[index];
      row.row.classList.toggle('nobody', index === 0 && one === undefined);
      if (index === 0 && one === undefined) fillRow(row, ['Not known yet.']);
      else
        fillRow(
          row,
          one && [
            time(one.fromMs).slice(0, 5),
            count(one.subjectsSuspended),
            count(one.requestsPrevented),
            count(one.subjectsSimulated),
          ],
        );
    });
  };
}

const episodes = ({ suspend, notify }) =>
  `${count(suspend.episodes)} to suspend, ${count(notify.episodes)} only told`;

const words = { calm: '', watch: 'slow, ', act: 'stuck, ' };

export function pipelinePanel() {
  const stages = [];
  return ({ pipeline }) => {
    while (stages.length < pipeline.length) {
      const stage = {
        name: element('span', 'name'),
        detail: element('span', 'detail'),
        lag: element('span', 'lag'),
      };
      stage.item = element('li', '', stage.name, stage.lag, stage.detail);
      byId('pipeline').append(stage.item);
      stages.push(stage);
    }
    pipeline.forEach(({ name, what, lagMs, detail, level }, index) => {
      const stage = stages[index];
      stage.item.dataset.level = level;
      stage.item.title = what;
      setText(stage.name, name);
      setText(stage.detail, detail);
      setText(stage.lag, `${words[level]}${lagMs === null ? '–' : duration(lagMs)}`);
    });
  };
}

export function jobPanel() {
  const names = [
    'State',
    'Restarts',
    'Last failure',
    'Last checkpoint',
    'Checkpoints',
    'Records in',
    'Excesses out',
    'Episodes',
    'Set aside',
    'Given up',
  ];
  const values = new Map(
    names.map((name) => {
      const value = element('dd');
      byId('job').append(element('dt', '', name), value);
      return [name, value];
    }),
  );
  return ({ job, totals, nowMs }) => {
    const version = job.applicationVersion === null ? '' : `, version ${job.applicationVersion}`;
    setText(
      byId('job-application'),
      job.application === null ? 'no application yet' : `${job.application}${version}`,
    );
    const known = (value, text) => (value === null ? '–' : text(value));
    const texts = {
      State:
        job.tasks === null ? noJob(job) : `${job.state}, ${job.tasks.running} of ${job.tasks.total} tasks`,
      Restarts: known(job.restarts, count),
      'Last failure': job.lastFailure ?? 'none',
      'Last checkpoint': known(
        job.checkpoint,
        ({ atMs, tookMs }) => `${duration(Math.max(0, nowMs - atMs))} ago, took ${duration(tookMs)}`,
      ),
      Checkpoints: known(
        job.checkpoints,
        ({ completed, failed }) => `${count(completed)} done, ${count(failed)} failed`,
      ),
      'Records in': known(job.recordsRead, count),
      'Excesses out': known(job.excessesWritten, (many) => counted(many, 'record')),
      Episodes: episodes(totals.excesses),
      'Set aside':
        job.setAside.length === 0
          ? 'nothing'
          : job.setAside.map(({ reason, count: many }) => `${count(many)} ${reason}`).join(', '),
      'Given up': known(job.deadLetters, (many) => (many === 0 ? 'no request' : counted(many, 'request'))),
    };
    for (const [name, value] of values) setText(value, texts[name]);
    values.get('Last failure').title = job.lastFailure ?? '';
    const { suspend, notify } = totals.excesses;
    values.get('Episodes').title =
      `since the page started: ${count(suspend.seconds)} and ${count(notify.seconds)} excesses, ` +
      `${count(suspend.again)} and ${count(notify.again)} stated again, as when the second is closed`;
    byId('job').dataset.level = job.level;
  };
}
