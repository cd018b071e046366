import { setTimeout as pause } from 'node:timers/promises';
import { mostFigureHours } from '../../lambdas/contracts/operator';
import type { FiguresReport } from '../report/figures-report';
import type { Operator } from '../service/operator';
import { messageOf, UserFault } from '../user-fault';

/** So long whoever wants to know how things stand waits for the figures, and no longer. */
const WAIT_MS = 10_000;

/** Guards add their counts as often as that, so nothing changes sooner. */
const OFTEN_MS = 10_000;

/** Asks the operator function for the figures of the last day; where it does not answer, the report says why. */
export async function readFigures(operator: Operator, waitMs = WAIT_MS): Promise<FiguresReport> {
  const ended = new AbortController();
  const waited = pause(waitMs, undefined, { signal: ended.signal }).then(
    () => ({
      hours: undefined,
      note: `the operator function did not answer within ${waitMs / 1000} s: its Redis may be out of reach`,
    }),
    () => undefined,
  );
  const asked = operator
    .ask('figures', { hours: mostFigureHours })
    .then(({ hours }): FiguresReport => ({ hours }))
    .catch((fault: unknown): FiguresReport => {
      if (!(fault instanceof UserFault)) throw fault;
      return { hours: undefined, note: messageOf(fault) };
    });
  try {
    return (await Promise.race([asked, waited])) ?? (await asked);
  } finally {
    ended.abort();
    await waited;
  }
}

/** The same for who looks again and again: what was read last is good for ten seconds. */
export function figuresReader(operator: Operator): () => Promise<FiguresReport> {
  let last: { readonly report: FiguresReport; readonly atMs: number } | undefined;
  return async () => {
    if (last === undefined || Date.now() - last.atMs >= OFTEN_MS) {
      last = { report: await readFigures(operator), atMs: Date.now() };
    }
    return last.report;
  };
}
