import { randomUUID } from 'node:crypto';
import { outcomeText } from '../../report/suspensions-report';
import { EXIT_DONE, type Streams } from '../streams';
import { type ReasonOptions, withOperator, write } from '../with-operator';

/** `spillway breaker reset`: excesses suspend again. */
export function reset(options: ReasonOptions, streams: Streams): Promise<number> {
  return withOperator(options, streams, async ({ operator }) => {
    const answer = await operator.ask('reset-breaker', { id: randomUUID(), reason: options.reason });
    write(streams, options, 'breaker reset', answer, outcomeText('the breaker', answer));
    return EXIT_DONE;
  });
}
