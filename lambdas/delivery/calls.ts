/** The most that one call of a service takes. */
export interface CallLimits {
  readonly items: number;
  readonly bytes: number;
}

/**
 * Cuts items into calls, in order, so that none holds more items or bytes than the service takes. An item that is
 * too large alone gets a call of its own: the service's answer says what is wrong with it.
 */
export function cutIntoCalls<T>(
  items: readonly T[],
  bytesOf: (item: T) => number,
  limits: CallLimits,
): readonly T[][] {
  const calls: T[][] = [];
  let call: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const more = bytesOf(item);
    if (call.length > 0 && (call.length >= limits.items || bytes + more > limits.bytes)) {
      calls.push(call);
      call = [];
      bytes = 0;
    }
    call.push(item);
    bytes += more;
  }
  if (call.length > 0) calls.push(call);
  return calls;
}
