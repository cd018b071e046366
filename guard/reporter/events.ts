/**
 * What a reporter reports besides usage.
 *
 * - `sending`: usage reaches the stream again.
 * - `kept`: the stream does not take usage; it is kept and sent again.
 * - `dropped`: so much usage waited for the stream that some was not kept.
 * - `no-subject`: a write counts against its key only, because its request does not show the subject.
 * - `no-key`: a request does not show the key its units belong to; they are in no usage record.
 * - `throttled`: DynamoDB refused a try of a write; the message says which resource, why, and whose write it was.
 * - `failed`: the reporter itself failed for a request, which is not affected.
 */
export type ReporterEventKind =
  'sending' | 'kept' | 'dropped' | 'no-subject' | 'no-key' | 'throttled' | 'failed';

export interface ReporterEvent {
  readonly kind: ReporterEventKind;
  /** One sentence for people: what, why, and what to do. */
  readonly message: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export type OnReporterEvent = (event: ReporterEvent) => void;

/** Reports something about `about`, such as an index: the same of the same is reported rarely. */
export type Report = (kind: ReporterEventKind, about: string, message: () => string) => void;

const repeatedEveryMs = 10_000;
/** The most pairs of kind and `about` that are remembered; when there are more, they are forgotten and told again. */
const mostRemembered = 1_000;

/** Prints events where nobody listens to them: usage that nobody sees should not go missing quietly. */
const printEvent: OnReporterEvent = ({ kind, message }) => {
  console.warn(`spillway reporter: ${kind}: ${message}`);
};

/** A reporter's own channel. It never throws into its caller, whatever the listener does. */
export function createReport(onEvent: OnReporterEvent | undefined, now: () => number): Report {
  const listener = onEvent ?? printEvent;
  const last = new Map<string, number>();
  return (kind, about, message) => {
    const at = now();
    const name = `${kind} ${about}`;
    const before = last.get(name);
    if (before !== undefined && at - before < repeatedEveryMs) return;
    if (last.size >= mostRemembered) last.clear();
    last.set(name, at);
    try {
      listener({ kind, message: message(), at });
    } catch (cause) {
      console.warn(`spillway reporter: the listener of its events threw: ${String(cause)}`);
    }
  };
}
