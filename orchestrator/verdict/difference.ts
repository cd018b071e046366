/** A field in which two values of one shape differ. */
export interface Difference {
  /** Names of members and indexes of elements, from the outside in. */
  readonly path: readonly string[];
  /** Absent where there is nothing. */
  readonly from: unknown;
  readonly to: unknown;
}

/** The innermost fields that differ. Lists of another length differ as a whole: which element is new is not known. */
export function differencesOf(from: unknown, to: unknown, path: readonly string[] = []): Difference[] {
  if (Object.is(from, to)) return [];
  if (Array.isArray(from) && Array.isArray(to)) {
    const others: readonly unknown[] = to;
    if (from.length !== to.length) return [{ path, from, to }];
    return from.flatMap((element: unknown, index) =>
      differencesOf(element, others[index], [...path, String(index)]),
    );
  }
  if (isRecord(from) && isRecord(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    return names.flatMap((name) => differencesOf(from[name], to[name], [...path, name]));
  }
  return [{ path, from, to }];
}

/** Whether the difference lies at this place or inside it. `*` stands for any one name or index. */
export function isAt({ path }: Difference, ...place: readonly string[]): boolean {
  return place.every((name, index) => index < path.length && (name === '*' || path[index] === name));
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
