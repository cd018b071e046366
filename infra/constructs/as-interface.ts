/** A class of CDK as this project's compiler sees it, which is stricter about optional properties than CDK's own types. */
type AsMade<T> = { [K in keyof T]: object extends Pick<T, K> ? T[K] | undefined : T[K] };

/**
 * A construct as the interface that CDK declares for it: `asInterface<ITable>(new Table(…))`. With
 * `exactOptionalPropertyTypes` CDK's classes do not fit their own interfaces, whose optional properties they give as
 * undefined; everything else is still checked.
 */
export function asInterface<T>(made: AsMade<T>): T {
  return made as T;
}
