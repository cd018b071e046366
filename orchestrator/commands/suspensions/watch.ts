import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { eventLine } from '../../report/suspensions-report';
import type { CommonOptions } from '../options';
import { EXIT_DONE, type Streams } from '../streams';
import { lengthSeconds, withOperator } from '../with-operator';
import { kindOf } from './history';

export interface WatchOptions extends CommonOptions {
  /** How long to watch; until Ctrl-C unless given. */
  for?: string;
  /** How far back to begin. */
  since: string;
  /** Only what was decided so. */
  kind?: string;
}

const everyMs = 1_000;
const mostPerLook = 500;

/** `spillway suspensions watch [SUBJECT]`: each decision as it is made, one a line. */
export function watch(subject: string | undefined, options: WatchOptions, streams: Streams): Promise<number> {
  return withOperator(options, streams, async ({ operator }) => {
    const interrupted = new AbortController();
    const stop = (): void => {
      interrupted.abort();
    };
    process.once('SIGINT', stop);
    const startMs = Date.now();
    const endMs = options.for === undefined ? Infinity : startMs + lengthSeconds('--for', options.for) * 1000;
    const since = startMs - lengthSeconds('--since', options.since) * 1000;
    const kind = options.kind === undefined ? undefined : kindOf(options.kind);
    let afterSeq = 0;
    try {
      for (;;) {
        const isLast = Date.now() >= endMs || interrupted.signal.aborted;
        const { events } = await operator.ask('history', {
          since,
          afterSeq,
          newestFirst: false,
          limit: mostPerLook,
          ...(subject !== undefined && { subject }),
          ...(kind !== undefined && { kind }),
        });
        for (const event of events) {
          const line = options.json ? JSON.stringify(event) : eventLine(event);
          if (!streams.stdout.write(`${line}\n`)) await once(streams.stdout, 'drain');
          afterSeq = event.seq;
        }
        if (isLast) return EXIT_DONE;
        if (events.length < mostPerLook) {
          const restMs = Math.min(everyMs, Math.max(0, endMs - Date.now()));
          await wait(restMs, undefined, { signal: interrupted.signal }).catch(() => undefined);
        }
      }
    } finally {
      process.removeListener('SIGINT', stop);
    }
  });
}
