import type { HourFigures, OperatorAnswer } from '../../lambdas/contracts/operator';
import type { Suspension } from '../../lambdas/contracts/suspension';
import type { SuspensionEvent } from '../../lambdas/contracts/suspension-event';
import { columns, pairs } from './table';

/** A moment in UTC to the second. */
export function moment(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** A length as people say it: `90 s`, `12 min`, `5 h`, `3 d`. */
export function length(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 2 * 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

function figuresLine(figures: readonly HourFigures[]): string {
  const [before, now] = figures;
  const said = (of: HourFigures | undefined): string =>
    `${counted(of?.subjectsSuspended ?? 0, 'subject')} suspended, ${counted(of?.requestsPrevented ?? 0, 'request')} prevented`;
  return `this hour: ${said(now)}\nlast hour: ${said(before)}\n`;
}

const breakerOpenLine =
  'The breaker is OPEN: nobody is suspended until `spillway breaker reset`. See `spillway breaker status`.\n';

/** `suspensions list` for people. */
export function suspensionsText(answer: OperatorAnswer<'list'>, simulated: boolean, nowMs: number): string {
  const { suspensions, total, figures, breakerOpen } = answer;
  const what = simulated ? 'simulated, which no guard sees' : 'in force';
  const rows = suspensions.map((one) => [
    one.subject,
    `${moment(one.until)} (${length(one.until - nowMs)})`,
    String(one.offences),
    one.scope,
    one.reason.detection,
    one.reason.resource,
    one.reason.limit === 0 ? '' : `${one.reason.units} / ${one.reason.limit}`,
  ]);
  const titles = ['SUBJECT', 'UNTIL', 'OFFENCES', 'SCOPE', 'DETECTION', 'RESOURCE', 'UNITS / LIMIT'];
  const more = total > suspensions.length ? `and ${total - suspensions.length} more: raise --limit\n` : '';
  return (
    `${breakerOpen ? breakerOpenLine : ''}${figuresLine(figures)}${total} ${what}\n` +
    (rows.length === 0 ? '' : `${columns(titles, rows)}\n`) +
    more
  );
}

/** `suspensions show` for people. */
export function subjectText(answer: OperatorAnswer<'show'>, nowMs: number): string {
  const { subject, suspension, simulated, episode, exemptUntil, breakerOpen } = answer;
  const rows: [string, string][] = [
    ['suspended', suspension === undefined ? 'no' : suspendedUntil(suspension, nowMs)],
    ...(suspension === undefined ? [] : reasonRows(suspension)),
    ...(simulated === undefined
      ? []
      : ([['simulated', suspendedUntil(simulated, nowMs)]] satisfies [string, string][])),
    ['exempt', exemptUntil === undefined ? 'no' : `until ${moment(exemptUntil)}`],
    ['offences', String(episode?.offences ?? 0)],
  ];
  if (episode !== undefined && episode.windowEnd > 0) {
    rows.push(['last excess', `window to ${moment(episode.windowEnd * 1000)}`]);
  }
  if (episode !== undefined && episode.notBefore > 0) {
    rows.push(['lifted', `${moment(episode.notBefore)}; heat from before does not count`]);
  }
  return `${breakerOpen ? breakerOpenLine : ''}${subject}\n${pairs(rows, '  ')}\n`;
}

function suspendedUntil({ until, scope, offences }: Suspension, nowMs: number): string {
  return `${scope}, until ${moment(until)} (${length(until - nowMs)}), offence ${offences}`;
}

function reasonRows({ since, reason }: Suspension): [string, string][] {
  const rows: [string, string][] = [['since', moment(since)]];
  if (reason.limit === 0) return [...rows, ['reason', `${reason.detection}: see the history`]];
  const window = `${reason.windowEnd - reason.windowStart} s to ${moment(reason.windowEnd * 1000)}`;
  return [
    ...rows,
    [
      'reason',
      `${reason.units} write units, limit ${reason.limit} (${reason.application}, ${reason.detection})`,
    ],
    ['where', `${reason.key} of ${reason.resource}, within ${window}`],
  ];
}

/** One event as a line. */
export function eventLine(event: SuspensionEvent): string {
  const simulated = event.simulated === true ? ' (simulated)' : '';
  const subject = event.subject === undefined ? '' : `  ${event.subject}`;
  return `${moment(event.at)}  ${event.kind.padEnd(14)}${subject}${simulated}  ${eventDetail(event)}`.trimEnd();
}

function eventDetail({ kind, suspension, excess, until, by, suspensionsPerMinute }: SuspensionEvent): string {
  const asked = by === undefined ? '' : `by ${by.who}: ${by.reason}`;
  const heat =
    excess === undefined ? '' : `${excess.units} units on ${excess.resource}, limit ${excess.limit}`;
  switch (kind) {
    case 'suspended':
    case 'extended':
    case 'covered':
    case 'added': {
      if (suspension === undefined) return asked;
      const { reason, offences } = suspension;
      const why = asked === '' ? `${reason.units} units on ${reason.resource}, limit ${reason.limit}` : asked;
      return `until ${moment(suspension.until)}, offence ${offences}; ${why}`;
    }
    case 'exempt':
    case 'before-lift':
    case 'held':
      return heat;
    case 'ended':
      return suspension === undefined ? '' : `its end was ${moment(suspension.until)}`;
    case 'exempted':
      return `until ${moment(until ?? 0)}; ${asked}`;
    case 'breaker-opened':
      return `more than ${suspensionsPerMinute ?? 0} suspensions within a minute`;
    case 'lifted':
    case 'unexempted':
    case 'breaker-reset':
    case 'policy-applied':
      return asked;
  }
}

/** `suspensions history` for people. */
export function historyText(events: readonly SuspensionEvent[]): string {
  return events.length === 0 ? 'nothing happened in that time\n' : `${events.map(eventLine).join('\n')}\n`;
}

const sentences: Record<OperatorAnswer<'lift'>['outcome'], string> = {
  added: 'is suspended',
  lifted: 'is free; heat from before this moment does not count any more',
  'not-suspended': 'is not suspended: nothing to do',
  exempt: 'is exempt and was not suspended: end the exemption first (`spillway exemptions remove`)',
  exempted: 'is exempt',
  'exempted-and-lifted': 'is exempt, and its suspension has ended',
  'not-exempt': 'is not exempt: nothing to do',
  unexempted: 'is not exempt any more; heat from before this moment does not count',
  reset: 'is closed: excesses suspend again',
  'not-open': 'is not open: nothing to do',
  applied: 'is applied; it counts everywhere within half a minute',
  repeated: 'was done already: nothing is done twice',
};

/** What a change came to, for people. */
export function outcomeText(what: string, { outcome }: OperatorAnswer<'lift'>): string {
  return `${what} ${sentences[outcome]}\n`;
}

/** `exemptions list` for people. */
export function exemptionsText({ exemptions }: OperatorAnswer<'exemptions'>): string {
  if (exemptions.length === 0) return 'nobody is exempt\n';
  const rows = exemptions.map(({ subject, until, by }) => [subject, moment(until), by.who, by.reason]);
  return `${columns(['SUBJECT', 'UNTIL', 'WHO', 'REASON'], rows)}\n`;
}

/** `breaker status` for people. */
export function breakerText({
  open,
  openedAt,
  suspensionsPerMinute,
  recent,
}: OperatorAnswer<'breaker'>): string {
  const rate = `${recent} new suspensions within the last minute; it opens above ${suspensionsPerMinute}`;
  if (!open) return `the breaker is closed: ${rate}\n`;
  return (
    `the breaker is OPEN since ${moment(openedAt ?? 0)}: excesses are recorded as held and nobody is suspended\n` +
    'look what a detection says (`spillway suspensions history`), put it right, then `spillway breaker reset`\n'
  );
}
