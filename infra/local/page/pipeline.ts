import type { FunctionsProgress } from '../functions';
import type { JobReading, QueueReading, Rule } from './page-event';
import type { Level, Stage } from './page-view';

/** What is known of the way from a write to a refusal; undefined where nothing is. */
export interface PipelineFacts {
  readonly nowMs: number;
  readonly functions: FunctionsProgress | undefined;
  /** From the second of a change until Kinesis took its usage. */
  readonly usage: Took | undefined;
  readonly job: JobReading | undefined;
  readonly rule: Rule | undefined;
  /** From the end of an excess's window until Kinesis took the excess. */
  readonly excess: Took | undefined;
  readonly queue: QueueReading | undefined;
  /** From the end of an excess's window until its subject was suspended. */
  readonly suspension: Took | undefined;
}

interface Took {
  readonly count: number;
  readonly medianMs: number;
  readonly mostMs: number;
}

/** Beyond these a stage is worth a look, and needs somebody. */
const slowMs = 10_000;
const stuckMs = 60_000;

/** The stages in order; always the same ones, so that the page does not move. */
export function pipelineStages(facts: PipelineFacts): Stage[] {
  const { nowMs, functions, usage, job, rule, excess, queue, suspension } = facts;
  const watermarkLagMs = job?.watermarkMs === undefined ? null : Math.max(0, nowMs - job.watermarkMs);
  // With nothing to read, event time stands still until `silence` has passed, and then follows at that distance.
  const waitsOnPurposeMs = ((rule?.delaySeconds ?? 0) + (rule?.silenceSeconds ?? 0)) * 1_000;
  return [
    shards('Table stream → estimator', functions?.estimator, 'change'),
    {
      name: 'Change → usage stream',
      what: 'from the second of a change until Kinesis has its usage',
      lagMs: usage?.mostMs ?? null,
      detail:
        usage === undefined
          ? 'no usage in the last 30 s'
          : `median ${secondsText(usage.medianMs)}, last 30 s`,
      level: levelOf(usage?.mostMs ?? 0),
    },
    {
      name: 'Usage stream → Flink',
      what: 'how far the slowest shard is read behind the stream',
      lagMs: job?.behindMs ?? null,
      detail: job?.recordsRead === undefined ? 'no job' : `${countText(job.recordsRead, 'record')} read`,
      level: levelOf(job?.behindMs ?? 0),
    },
    {
      name: 'Event time in Flink',
      what: 'how far the watermark is behind the clock',
      lagMs: watermarkLagMs,
      detail: rule === undefined ? 'no rule known' : `waits ${rule.delaySeconds} s for what is late`,
      level: levelOf((watermarkLagMs ?? 0) - waitsOnPurposeMs),
    },
    {
      name: 'Window → excess',
      what: 'from the end of the window until Kinesis has the excess',
      lagMs: excess?.mostMs ?? null,
      detail:
        excess === undefined
          ? 'no excess in the last 10 min'
          : `median ${secondsText(excess.medianMs)}, last 10 min`,
      level: 'calm',
    },
    shards('Excess stream → alerter', functions?.alerter, 'excess'),
    {
      name: 'Requests → suspender',
      what: 'messages in the queue',
      lagMs: null,
      detail:
        queue === undefined
          ? 'not known'
          : `${queue.waiting} waiting, ${queue.inFlight} in hand, ${queue.deadLetters} given up`,
      level: queue === undefined ? 'calm' : queueLevel(queue),
    },
    {
      name: 'Window → suspension',
      what: 'from the end of the window until the subject is suspended',
      lagMs: suspension?.mostMs ?? null,
      detail:
        suspension === undefined
          ? 'no suspension in the last 10 min'
          : `median ${secondsText(suspension.medianMs)}, last 10 min`,
      level: 'calm',
    },
  ];
}

function shards(name: string, progress: FunctionsProgress['alerter'] | undefined, record: string): Stage {
  const what = 'age of the oldest record that is not handled';
  if (progress === undefined || progress.length === 0) {
    return { name, what, lagMs: null, detail: 'not read yet', level: 'calm' };
  }
  const waiting = progress.reduce((sum, shard) => sum + shard.waiting, 0);
  const settled = progress.reduce((sum, shard) => sum + shard.settled, 0);
  const oldestMs = Math.max(...progress.map((shard) => shard.oldestWaitingMs));
  return {
    name,
    what,
    lagMs: oldestMs,
    detail: `${waiting.toLocaleString('en-US')} waiting, ${countText(settled, record)} done`,
    level: levelOf(oldestMs),
  };
}

function queueLevel({ waiting, deadLetters }: QueueReading): Level {
  if (deadLetters > 0) return 'act';
  return waiting > 100 ? 'watch' : 'calm';
}

function levelOf(lagMs: number): Level {
  if (lagMs > stuckMs) return 'act';
  return lagMs > slowMs ? 'watch' : 'calm';
}

function secondsText(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function countText(count: number, one: string): string {
  const many = one.endsWith('s') ? `${one}es` : `${one}s`;
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
