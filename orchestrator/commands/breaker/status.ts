import { breakerText } from '../../report/suspensions-report';
import type { CommonOptions } from '../options';
import { EXIT_DONE, type Streams } from '../streams';
import { withOperator, write } from '../with-operator';

/** `spillway breaker status`: whether excesses suspend. */
export function status(options: CommonOptions, streams: Streams): Promise<number> {
  return withOperator(options, streams, async ({ operator }) => {
    const answer = await operator.ask('breaker', {});
    write(streams, options, 'breaker status', answer, breakerText(answer));
    return EXIT_DONE;
  });
}
