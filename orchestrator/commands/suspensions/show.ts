import { subjectText } from '../../report/suspensions-report';
import type { CommonOptions } from '../options';
import { EXIT_DONE, type Streams } from '../streams';
import { withOperator, write } from '../with-operator';

/** `spillway suspensions show SUBJECT`: how a subject stands. */
export function show(subject: string, options: CommonOptions, streams: Streams): Promise<number> {
  return withOperator(options, streams, async ({ operator }) => {
    const answer = await operator.ask('show', { subject });
    write(streams, options, 'suspensions show', answer, subjectText(answer, Date.now()));
    return EXIT_DONE;
  });
}
