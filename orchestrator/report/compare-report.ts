import type { ComparedEpisode, Comparison, Span } from '../comparison/compare-excesses';
import { columns } from './table';

export interface CompareOutcome {
  readonly environment: string;
  readonly application: string;
  /** The generation that is heard now, and the one that runs to be compared. */
  readonly live: number;
  readonly shadow: number;
  readonly span: Span;
  readonly comparison: Comparison;
}

/** For people: what differs. Episodes that both say at the same second are only counted. */
export function compareText({ application, live, shadow, span, comparison }: CompareOutcome): string {
  const { episodes, found, released } = comparison;
  const title =
    `${application}: generation ${live}, which is heard, and its shadow, generation ${shadow}, ` +
    `from ${timeOf(span.from)} to ${timeOf(span.until)}\n`;
  if (span.until <= span.from) return `${title}the shadow is still warming up: nothing can be compared yet\n`;
  if (episodes.length === 0) return `${title}no excess of either: nothing differs\n`;
  const differing = episodes.filter(({ laterSeconds }) => laterSeconds !== 0);
  const heading = ['what', 'subject', 'resource', 'key', 'detection', 'since', 'units', 'limit'];
  const table = differing.length === 0 ? '' : `${indented(columns(heading, differing.map(row)))}\n`;
  const both = episodes.filter(({ outcome }) => outcome === 'both');
  const moved = both.filter(({ laterSeconds }) => laterSeconds !== 0).length;
  return (
    `${title}${table}` +
    `both say ${both.length} of ${episodes.length} episodes, ${moved} of them at another second\n` +
    `it would suspend ${people(found)} that ${found.length === 1 ? 'is' : 'are'} not now, ` +
    `and not ${people(released)} that ${released.length === 1 ? 'is' : 'are'}\n`
  );
}

/** The JSON document of `compare --json`. */
export function compareJson(outcome: CompareOutcome): object {
  const { environment, application, live, shadow, span, comparison } = outcome;
  return {
    schemaVersion: 1,
    command: 'compare',
    environment,
    application,
    generations: { live, shadow },
    from: span.from,
    until: span.until,
    ...comparison,
  };
}

function row(episode: ComparedEpisode): string[] {
  const { subject, resource, key, detection, action } = episode;
  const says = episode.new ?? episode.old;
  return [
    whatOf(episode),
    subject === '' ? '–' : subject,
    resource,
    key,
    action === 'notify' ? `${detection} (only tells)` : detection,
    timeOf(says?.first ?? 0),
    count(says?.units ?? 0),
    count(says?.limit ?? 0),
  ];
}

function whatOf({ outcome, laterSeconds = 0 }: ComparedEpisode): string {
  if (outcome !== 'both') return outcome;
  return laterSeconds < 0 ? `${-laterSeconds} s earlier` : `${laterSeconds} s later`;
}

function people(subjects: readonly string[]): string {
  if (subjects.length === 0) return 'nobody';
  const named = subjects.slice(0, 5).join(', ');
  return subjects.length <= 5 ? named : `${named} and ${subjects.length - 5} more`;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

function timeOf(second: number): string {
  return new Date(second * 1_000).toISOString().replace('.000Z', 'Z');
}

function count(units: number): string {
  return units.toLocaleString('en-US');
}
