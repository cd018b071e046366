/** The innermost `Caused by` of a Java stack trace with all lines of its message, without its frames. */
export function rootCause(stackTrace: string): string {
  const lines = stackTrace.split('\n');
  const start = lines.map((line) => line.startsWith('Caused by: ')).lastIndexOf(true);
  const from = lines.slice(Math.max(start, 0));
  const firstFrame = from.findIndex((line) => /^\s+(at |\.\.\. \d+ more)/.test(line));
  const message = firstFrame === -1 ? from : from.slice(0, firstFrame);
  return message
    .join('\n')
    .replace(/^Caused by: /, '')
    .trim();
}
