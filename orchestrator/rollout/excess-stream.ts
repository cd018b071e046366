import { setTimeout as pause } from 'node:timers/promises';
import { type Excess, excess } from '../../lambdas/contracts/excess';
import { generationsCacheSeconds } from '../../lambdas/contracts/generations';
import { parseRecord } from '../../lambdas/contracts/parse';
import { requestFor } from '../../lambdas/contracts/suspension-request';
import type { Streams } from '../service/streams';

/** An excess as it stands in the stream. */
export interface StatedExcess {
  excess: Excess;
  arrivedAt: Date;
  /** As it was put. */
  partitionKey: string;
  text: string;
}

/** The excesses of an environment's applications, as detections state them. */
export interface ExcessStream {
  /** What an application stated since a moment of arrival, of one generation or of all; what is no excess is passed over. */
  since(from: Date, application: string, generation?: number): Promise<StatedExcess[]>;
  /**
   * Puts what a generation stated with windowEnd from a second on into the stream again, because nobody acted on it and
   * it is heard now. Answers how many.
   *
   * It waits first until every alerter has read the generations that make it heard: these are written before the call.
   * To do it twice, or for what was acted on after all, suspends nobody twice: the request of an excess has the same id
   * however often it comes, and the suspender decides an id once. People are told twice of what only tells.
   */
  resendUnheard(application: string, generation: number, fromWindowEnd: number): Promise<number>;
}

/** An excess may speak of a second that lies ahead by as much as clocks may differ (tables/usage.sql). */
const clocksDifferSeconds = 60;

/** Whoever read the generations just before they were written acts on them for this long. */
const untilReadEverywhereMs = (generationsCacheSeconds + 1) * 1_000;

/** @param waitMs how long alerters go on with generations that they read before */
export function excessStream(
  streams: Streams,
  stream: string,
  waitMs: number = untilReadEverywhereMs,
): ExcessStream {
  const since: ExcessStream['since'] = async (from, application, generation) =>
    (await streams.read(stream, from)).flatMap(({ text, ...record }) => {
      const parsed = parseRecord(excess, text);
      if (!parsed.ok || parsed.value.application !== application) return [];
      if (generation !== undefined && parsed.value.generation !== generation) return [];
      return [{ ...record, text, excess: parsed.value }];
    });
  return {
    since,
    async resendUnheard(application, generation, fromWindowEnd) {
      await pause(waitMs);
      // An excess is stated when its last second is over.
      const from = new Date((fromWindowEnd - clocksDifferSeconds) * 1_000);
      const unheard = (await since(from, application, generation)).filter(
        ({ excess: { windowEnd } }) => windowEnd >= fromWindowEnd,
      );
      // What was put again before stands in the stream twice.
      const each = new Map(unheard.map((stated) => [requestFor(stated.excess).id, stated]));
      await streams.put(
        stream,
        [...each.values()].map(({ partitionKey, text }) => ({ partitionKey, data: Buffer.from(text) })),
      );
      return each.size;
    },
  };
}
