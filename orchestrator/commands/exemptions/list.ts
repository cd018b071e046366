import { exemptionsText } from '../../report/suspensions-report';
import type { CommonOptions } from '../options';
import { EXIT_DONE, type Streams } from '../streams';
import { withOperator, write } from '../with-operator';

/** `spillway exemptions list`: who is never suspended, until when, and why. */
export function list(options: CommonOptions, streams: Streams): Promise<number> {
  return withOperator(options, streams, async ({ operator }) => {
    const answer = await operator.ask('exemptions', {});
    write(streams, options, 'exemptions list', answer, exemptionsText(answer));
    return EXIT_DONE;
  });
}
