import type { JobView, PageView, Stage, Totals } from './page-view';

/** What the one sentence on top is made of. */
export interface HeadlineFacts {
  /** What the system is doing until its traffic begins. */
  readonly phase: string;
  readonly hasTraffic: boolean;
  readonly silent: PageView['silent'];
  readonly job: JobView;
  readonly pipeline: readonly Stage[];
  readonly totals: Totals;
  /** Those suspended now. */
  readonly suspended: readonly string[];
  /** Subjects over their limit that are not suspended. */
  readonly over: readonly string[];
}

/** What a person must know first, with what is wrong before what is going well. */
export function headline(facts: HeadlineFacts): PageView['headline'] {
  const { silent, job, pipeline, suspended, over } = facts;
  const mute = silent[0];
  if (mute !== undefined) return { level: 'act', text: `${mute.part} does not answer`, detail: mute.reason };
  if (job.level === 'act') {
    return {
      level: 'act',
      text: `The job is not well: ${job.state ?? job.status ?? 'unknown'}`,
      detail: job.lastFailure ?? '',
    };
  }
  const stuck = pipeline.find(({ level }) => level === 'act');
  if (stuck !== undefined) return { level: 'act', text: `Stuck: ${stuck.name}`, detail: stuck.detail };
  if (suspended.length > 0) {
    return {
      level: 'watch',
      text: `${names(suspended)} ${suspended.length === 1 ? 'is' : 'are'} suspended`,
      detail:
        over.length === 0 ? 'Everybody else is under the limit.' : `Over the limit as well: ${names(over)}.`,
    };
  }
  if (over.length > 0) {
    return {
      level: 'watch',
      text: `${names(over)} ${over.length === 1 ? 'is' : 'are'} over the limit`,
      detail: 'Not suspended so far. Flink judges a second once it has waited for what is late.',
    };
  }
  if (job.level === 'watch') {
    return {
      level: 'watch',
      text: `The application is ${job.status ?? 'unknown'}`,
      detail: 'No job runs meanwhile.',
    };
  }
  const slow = pipeline.find(({ level }) => level === 'watch');
  if (slow !== undefined) return { level: 'watch', text: `Slow: ${slow.name}`, detail: slow.detail };
  if (!facts.hasTraffic)
    return { level: 'calm', text: facts.phase, detail: 'What happens will show here by itself.' };
  const { subjects } = facts.totals;
  const before = subjects === 1 ? '1 subject was' : `${subjects} subjects were`;
  return {
    level: 'calm',
    text: 'Nobody is suspended',
    detail:
      subjects === 0
        ? 'Everybody is under the limit.'
        : `Everybody is under the limit; ${before} suspended before.`,
  };
}

/** Three names at most: more than that is a number. */
function names(subjects: readonly string[]): string {
  if (subjects.length > 3) return `${subjects.length.toLocaleString('en-US')} subjects`;
  const last = subjects.at(-1) ?? '';
  return subjects.length === 1 ? last : `${subjects.slice(0, -1).join(', ')} and ${last}`;
}
