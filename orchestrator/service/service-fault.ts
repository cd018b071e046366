import { messageOf, UserFault } from '../user-fault';

const NEXT_STEPS: Readonly<Record<string, string>> = {
  CredentialsProviderError: 'sign in (`aws sso login`) or set AWS_PROFILE',
  ExpiredTokenException: 'the credentials have expired: sign in again',
  ExpiredToken: 'the credentials have expired: sign in again',
  InvalidClientTokenId: 'the credentials are not known to AWS: sign in again',
  UnrecognizedClientException: 'the credentials are not known to AWS: sign in again',
  AccessDeniedException: 'ask for the permission that is named, or use another profile',
  AccessDenied: 'ask for the permission that is named, or use another profile',
  NoSuchBucket: 'deploy the infrastructure first, or correct codeBucket in environments.json',
  ConcurrentModificationException: 'someone else changed the application: run the command again',
  ResourceInUseException: 'the application is busy: wait until `spillway status` shows READY or RUNNING',
};

/** The name of the service's error behind a fault, such as `AccessDeniedException`. */
export function errorNameOf(fault: unknown): string | undefined {
  const cause = fault instanceof Error ? fault.cause : undefined;
  return cause instanceof Error ? cause.name : undefined;
}

/** Does one call of a service; what it throws says which call it was and what to do next. */
export async function asking<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw new UserFault(`${what} failed: ${describe(cause)}`, { cause });
  }
}

function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return messageOf(thrown);
  const code = (thrown as { code?: unknown }).code;
  // Some clients wrap the error of the connection, and only the text tells.
  if (code === 'ECONNREFUSED' || thrown.message.includes('ECONNREFUSED')) {
    return 'nothing answers there: is `npm run local` still running? Stop it and start it again';
  }
  const next = NEXT_STEPS[thrown.name];
  return `${thrown.name}: ${thrown.message}${next === undefined ? '' : ` (${next})`}`;
}
