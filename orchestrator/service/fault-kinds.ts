/** Too much was asked for in a short time: nothing was done, and later it will be. */
const THROTTLING = ['ThrottlingException', 'TooManyRequestsException'];
/** The service is busy with the application, or it was done already by a call whose answer was lost. */
const BUSY = ['ConcurrentModificationException', 'ResourceInUseException'];
/** The connection broke, or the service did not manage: the call may have been done. */
const BROKEN = ['TimeoutError', 'InternalServerError', 'InternalFailure', 'ServiceUnavailableException'];
const BROKEN_CODES = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED'];
/** Nothing can be done, neither forward nor back, until a person sees to it. */
const NO_ACCESS = [
  ...['CredentialsProviderError', 'ExpiredTokenException', 'ExpiredToken', 'UnrecognizedClientException'],
  ...['AccessDeniedException', 'AccessDenied'],
];

/** Whether asking again a little later is all there is to do. */
export function isThrottling(thrown: unknown): boolean {
  return chain(thrown).some(({ name }) => THROTTLING.includes(name));
}

/** Whether the call may have been done all the same, or is refused only for now: look, then decide. */
export function isUncertain(thrown: unknown): boolean {
  return chain(thrown).some(
    ({ name, code }) => [...BUSY, ...BROKEN].includes(name) || BROKEN_CODES.includes(code),
  );
}

/** Whether the caller's own access is at fault, and neither the release nor the service. */
export function isAboutAccess(thrown: unknown): boolean {
  return chain(thrown).some(({ name, code }) => NO_ACCESS.includes(name) || code === 'ECONNREFUSED');
}

/** An error and what it was caused by. */
function chain(thrown: unknown): { name: string; code: string }[] {
  const found: { name: string; code: string }[] = [];
  let error: unknown = thrown;
  while (error instanceof Error && found.length < 10) {
    const { code } = error as { code?: unknown };
    found.push({ name: error.name, code: typeof code === 'string' ? code : '' });
    error = error.cause;
  }
  return found;
}
