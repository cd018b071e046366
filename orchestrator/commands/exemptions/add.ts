import { randomUUID } from 'node:crypto';
import { outcomeText } from '../../report/suspensions-report';
import { UserFault } from '../../user-fault';
import { EXIT_DONE, type Streams } from '../streams';
import { lengthSeconds, type ReasonOptions, withOperator, write } from '../with-operator';

export interface AddOptions extends ReasonOptions {
  for?: string;
  until?: string;
}

/** `spillway exemptions add SUBJECT`: it is never suspended until then, and free at once. */
export function add(subject: string, options: AddOptions, streams: Streams): Promise<number> {
  return withOperator(options, streams, async ({ operator }) => {
    const seconds = secondsOf(options);
    const answer = await operator.ask('exempt', {
      id: randomUUID(),
      subject,
      seconds,
      reason: options.reason,
    });
    write(streams, options, 'exemptions add', { subject, ...answer }, outcomeText(subject, answer));
    return EXIT_DONE;
  });
}

function secondsOf(options: AddOptions): number {
  if ((options.for === undefined) === (options.until === undefined)) {
    throw new UserFault(
      'an exemption has an end: give either --for, such as 30d, or --until and a day, as YYYY-MM-DD',
    );
  }
  if (options.for !== undefined) return lengthSeconds('--for', options.for);
  const seconds = Math.ceil((Date.parse(options.until ?? '') - Date.now()) / 1000);
  if (seconds >= 1) return seconds;
  throw new UserFault(`--until is "${options.until}". Give a day or moment to come, as YYYY-MM-DD.`);
}
