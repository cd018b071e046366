import { suspensionsText } from '../../report/suspensions-report';
import { countOf, type CommonOptions } from '../options';
import { EXIT_DONE, type Streams } from '../streams';
import { withOperator, write } from '../with-operator';

export interface ListOptions extends CommonOptions {
  application?: string;
  detection?: string;
  resource?: string;
  /** Only subjects that begin so. */
  subject?: string;
  simulated: boolean;
  limit: string;
}

/** `spillway suspensions list`: who is suspended, why, and the two figures of the hour. */
export function list(options: ListOptions, streams: Streams): Promise<number> {
  return withOperator(options, streams, async ({ operator }) => {
    const { application, detection, resource, subject, simulated } = options;
    const answer = await operator.ask('list', {
      simulated,
      limit: countOf('--limit', options.limit, 1_000),
      ...(application !== undefined && { application }),
      ...(detection !== undefined && { detection }),
      ...(resource !== undefined && { resource }),
      ...(subject !== undefined && { subjectPrefix: subject }),
    });
    write(streams, options, 'suspensions list', answer, suspensionsText(answer, simulated, Date.now()));
    return EXIT_DONE;
  });
}
