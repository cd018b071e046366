import { exemptionsText } from '../../report/suspensions-report';
import type { CommonOptions } from '../options';
import { EXIT_DONE, type Streams } from '../streams';
import { withOperator, write } from '../with-operator';

export interface ListOptions extends CommonOptions {
  /** Only subjects that begin so. */
  subject?: string;
}

/** `spillway exemptions list`: who is never suspended, until when, and why. */
export function list(options: ListOptions, streams: Streams): Promise<number> {
  return withOperator(options, streams, async ({ operator }) => {
    const { subject } = options;
    const answer = await operator.ask('exemptions', subject === undefined ? {} : { subjectPrefix: subject });
    write(streams, options, 'exemptions list', answer, exemptionsText(answer));
    return EXIT_DONE;
  });
}
