import { messageOf } from '../../user-fault';
import { type DoctorCheck, ok, unknown, wrong } from '../doctor-check';

/** The lock's lease is a minute, renewed every quarter of it; AWS refuses signatures that are five minutes off. */
const MOST_SECONDS = 10;
const ANSWER_LIMIT_MS = 5_000;

export const clock: DoctorCheck = {
  code: 'clock',
  help: 'this machine’s clock is right: the lock and signatures rest on it',
  look: async ({ environment, variables }) => {
    const url =
      variables['AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2'] ??
      `https://kinesisanalytics.${environment.region}.amazonaws.com/`;
    const sentMs = Date.now();
    try {
      const { headers } = await fetch(url, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
      const date = headers.get('date');
      if (date === null) return [unknown(`${url} tells no time`, 'compare the clock by hand')];
      // The header is in whole seconds, and was made between the question and the answer.
      const off = Math.abs((sentMs + Date.now()) / 2 - (Date.parse(date) + 500)) / 1000;
      const detail = `${off < 2 ? 'less than 2' : off.toFixed(0)} s off the service’s`;
      return [
        off <= MOST_SECONDS ? ok(detail) : wrong(detail, 'set the clock, or turn time synchronisation on'),
      ];
    } catch (cause) {
      return [unknown(`${url} does not answer: ${messageOf(cause)}`, 'look at the network')];
    }
  },
};
