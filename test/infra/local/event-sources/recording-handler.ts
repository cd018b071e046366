/** A function that remembers the events it got and does with each what a test says. */
export interface RecordingHandler<Event> {
  (event: Event): Promise<unknown>;
  readonly events: Event[];
  /** The most calls that were under way at one time. */
  readonly mostAtOnce: () => number;
}

/** @param answer is given the event and its number from 0; what it returns or throws is the function's answer. */
export function recordingHandler<Event>(
  answer: (event: Event, call: number) => unknown = () => undefined,
): RecordingHandler<Event> {
  const events: Event[] = [];
  let underWay = 0;
  let most = 0;
  const handle = async (event: Event): Promise<unknown> => {
    events.push(event);
    underWay++;
    most = Math.max(most, underWay);
    try {
      // Lets another call begin in between, if there were one.
      await new Promise(setImmediate);
      return await answer(event, events.length - 1);
    } finally {
      underWay--;
    }
  };
  return Object.assign(handle, { events, mostAtOnce: () => most });
}
