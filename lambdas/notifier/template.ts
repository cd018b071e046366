import type { SuspensionEvent } from '../contracts/suspension-event';

/** `{what}` is a sentence for the kind of event; the others are its facts, or empty where it has none. */
export const defaultTemplate = '{what} ({store}, {at})';

const known = [
  'what',
  'kind',
  'store',
  'at',
  'subject',
  'until',
  'offences',
  'detection',
  'resource',
  'units',
  'limit',
  'who',
  'reason',
] as const;

type Word = (typeof known)[number];

/** Words in braces that mean nothing. */
export function unknownPlaceholders(template: string): string[] {
  return [...template.matchAll(/\{[^{}]*\}/g)]
    .map(([word]) => word)
    .filter((word) => !known.some((one) => word === `{${one}}`));
}

/** The text that people get. */
export function fillTemplate(template: string, store: string, event: SuspensionEvent): string {
  const { suspension, by, at, kind } = event;
  const reason = suspension?.reason;
  const words: Record<Word, string> = {
    what: sentence(event),
    kind,
    store,
    at: moment(at),
    subject: event.subject ?? '',
    until: suspension === undefined ? '' : moment(suspension.until),
    offences: String(suspension?.offences ?? ''),
    detection: reason?.detection ?? '',
    resource: reason?.resource ?? '',
    units: String(reason?.units ?? ''),
    limit: String(reason?.limit ?? ''),
    who: by?.who ?? '',
    reason: by?.reason ?? '',
  };
  return template.replace(/\{(\w+)\}/g, (whole, word: string) =>
    word in words ? words[word as Word] : whole,
  );
}

function sentence({ kind, subject = '', suspension, by, suspensionsPerMinute }: SuspensionEvent): string {
  const until = suspension === undefined ? '' : ` until ${moment(suspension.until)}`;
  const asked = by === undefined ? '' : `, by ${by.who}: ${by.reason}`;
  switch (kind) {
    case 'suspended': {
      const reason = suspension?.reason;
      const heat =
        reason === undefined
          ? ''
          : `: ${String(reason.units)} write units on ${reason.resource}, limit ${String(reason.limit)} (${reason.detection})`;
      return `${subject} is suspended${until}${heat}`;
    }
    case 'added':
      return `${subject} is suspended${until}${asked}`;
    case 'lifted':
      return `The suspension of ${subject} was lifted${asked}`;
    case 'ended':
      return `The suspension of ${subject} has ended`;
    case 'breaker-opened':
      return (
        `THE BREAKER IS OPEN: more than ${String(suspensionsPerMinute ?? 0)} suspensions within a minute. ` +
        'Nobody is suspended until `spillway breaker reset`'
      );
    case 'breaker-reset':
      return `The breaker is closed${asked}`;
    default:
      return `${kind} ${subject}`.trim();
  }
}

function moment(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
