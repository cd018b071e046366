import { moment } from '../../report/suspensions-report';
import type { CommonOptions } from '../options';
import { EXIT_DONE, type Streams } from '../streams';
import { withOperator, write } from '../with-operator';

/** `spillway policy show`: the policy in force, on stdout as the file that could be applied. */
export function show(options: CommonOptions, streams: Streams): Promise<number> {
  return withOperator(options, streams, async ({ operator }) => {
    const answer = await operator.ask('policy', {});
    const { applied, policy } = answer;
    streams.stderr.write(
      applied === undefined
        ? 'no policy was applied: this one is built in\n'
        : `applied ${moment(applied.at)} by ${applied.by.who}: ${applied.by.reason}\n`,
    );
    write(streams, options, 'policy show', answer, `${JSON.stringify(policy, null, 2)}\n`);
    return EXIT_DONE;
  });
}
