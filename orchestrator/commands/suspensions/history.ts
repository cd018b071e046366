import { type SuspensionEvent, suspensionEventKinds } from '../../../lambdas/contracts/suspension-event';
import { didYouMean } from '../../definition/did-you-mean';
import { historyText } from '../../report/suspensions-report';
import { UserFault } from '../../user-fault';
import { countOf, type CommonOptions } from '../options';
import { EXIT_DONE, type Streams } from '../streams';
import { lengthSeconds, withOperator, write } from '../with-operator';

export interface HistoryOptions extends CommonOptions {
  since: string;
  limit: string;
  /** Only what was decided so. */
  kind?: string;
}

/** `spillway suspensions history [SUBJECT]`: the log of decisions, the newest first. */
export function history(
  subject: string | undefined,
  options: HistoryOptions,
  streams: Streams,
): Promise<number> {
  return withOperator(options, streams, async ({ operator }) => {
    const answer = await operator.ask('history', {
      since: Date.now() - lengthSeconds('--since', options.since) * 1000,
      newestFirst: true,
      limit: countOf('--limit', options.limit, 1_000),
      ...(subject !== undefined && { subject }),
      ...(options.kind !== undefined && { kind: kindOf(options.kind) }),
    });
    write(streams, options, 'suspensions history', answer, historyText(answer.events));
    return EXIT_DONE;
  });
}

/** Throws where nothing is ever decided so. */
export function kindOf(text: string): SuspensionEvent['kind'] {
  const kind = suspensionEventKinds.find((known) => known === text);
  if (kind !== undefined) return kind;
  throw new UserFault(
    `--kind is "${text}"${didYouMean(text, suspensionEventKinds)}. Give one of ${suspensionEventKinds.join(', ')}.`,
  );
}
