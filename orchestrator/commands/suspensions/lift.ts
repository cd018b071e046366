import { randomUUID } from 'node:crypto';
import { outcomeText } from '../../report/suspensions-report';
import { EXIT_DONE, type Streams } from '../streams';
import { type ReasonOptions, withOperator, write } from '../with-operator';

/** `spillway suspensions lift SUBJECT`: ends a suspension now. */
export function lift(subject: string, options: ReasonOptions, streams: Streams): Promise<number> {
  return withOperator(options, streams, async ({ operator }) => {
    const answer = await operator.ask('lift', { id: randomUUID(), subject, reason: options.reason });
    write(streams, options, 'suspensions lift', { subject, ...answer }, outcomeText(subject, answer));
    return EXIT_DONE;
  });
}
