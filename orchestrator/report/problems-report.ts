import { posix } from 'node:path';
import type { Problem } from '../user-fault';

/** Problems as lines of a table: where, what, and the code. */
export function problemsText(problems: readonly Problem[]): string {
  return problems
    .map(({ code, file, line, message }) => `  ${place(file, line)}  ${message}  [${code}]\n`)
    .join('');
}

/**
 * Problems as GitHub's workflow commands, which annotate the lines of a pull request (GitHub Docs, "Workflow commands").
 *
 * @param root the folder of the definitions as seen from the repository's root
 */
export function problemsForGitHub(problems: readonly Problem[], root: string): string {
  return problems
    .map(({ code, file, line, message }) => {
      const properties = [
        `file=${property(posix.join(root.replaceAll('\\', '/'), file))}`,
        ...(line > 0 ? [`line=${line}`] : []),
        `title=${property(code)}`,
      ];
      return `::error ${properties.join(',')}::${data(message)}\n`;
    })
    .join('');
}

function place(file: string, line: number): string {
  return line > 0 ? `${file}:${line}` : file;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
