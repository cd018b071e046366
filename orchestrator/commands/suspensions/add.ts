import { randomUUID } from 'node:crypto';
import { suspensionScope } from '../../../lambdas/contracts/suspension';
import { outcomeText } from '../../report/suspensions-report';
import { UserFault } from '../../user-fault';
import { EXIT_DONE, EXIT_FAILED, type Streams } from '../streams';
import { lengthSeconds, type ReasonOptions, withOperator, write } from '../with-operator';

export interface AddOptions extends ReasonOptions {
  for: string;
  scope: string;
}

/** `spillway suspensions add SUBJECT`: a person suspends somebody. Fails where the subject is exempt. */
export function add(subject: string, options: AddOptions, streams: Streams): Promise<number> {
  return withOperator(options, streams, async ({ operator }) => {
    const seconds = lengthSeconds('--for', options.for);
    const scope = suspensionScope.safeParse(options.scope);
    if (!scope.success) {
      throw new UserFault(
        `--scope is "${options.scope}". Give writes, everything, or route: and a route’s name.`,
      );
    }
    const { reason } = options;
    const answer = await operator.ask('add', {
      id: randomUUID(),
      subject,
      seconds,
      scope: scope.data,
      reason,
    });
    write(streams, options, 'suspensions add', { subject, ...answer }, outcomeText(subject, answer));
    return answer.outcome === 'exempt' ? EXIT_FAILED : EXIT_DONE;
  });
}
