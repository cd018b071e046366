/** The lines of a text that were not in the one before, each with the moment; all of them at first. Pure. */
export function changedLines(before: string | undefined, now: string, at: Date): string {
  const old = new Set(before?.split('\n') ?? []);
  const time = at.toISOString().replace(/\.\d+Z$/, 'Z');
  return now
    .split('\n')
    .filter((line) => line !== '' && !old.has(line))
    .map((line) => `${time}  ${line.trimEnd()}\n`)
    .join('');
}
