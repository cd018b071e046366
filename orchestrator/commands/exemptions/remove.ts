import { randomUUID } from 'node:crypto';
import { outcomeText } from '../../report/suspensions-report';
import { EXIT_DONE, type Streams } from '../streams';
import { type ReasonOptions, withOperator, write } from '../with-operator';

/** `spillway exemptions remove SUBJECT`: the exemption ends now. */
export function remove(subject: string, options: ReasonOptions, streams: Streams): Promise<number> {
  return withOperator(options, streams, async ({ operator }) => {
    const answer = await operator.ask('unexempt', { id: randomUUID(), subject, reason: options.reason });
    write(streams, options, 'exemptions remove', { subject, ...answer }, outcomeText(subject, answer));
    return EXIT_DONE;
  });
}
