import { historyText } from '../../report/suspensions-report';
import { countOf, type CommonOptions } from '../options';
import { EXIT_DONE, type Streams } from '../streams';
import { lengthSeconds, withOperator, write } from '../with-operator';

export interface HistoryOptions extends CommonOptions {
  since: string;
  limit: string;
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
    });
    write(streams, options, 'suspensions history', answer, historyText(answer.events));
    return EXIT_DONE;
  });
}
