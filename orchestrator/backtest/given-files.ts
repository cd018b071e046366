import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Policy, policy } from '../../lambdas/contracts/policy';
import { messageOf, UserFault } from '../user-fault';
import { usualPolicy } from './simulate-suspensions';

const exemptionsDocument = z.object({ exemptions: z.array(z.object({ subject: z.string().min(1) })) });

/**
 * Subjects in a file: one a line (`#` begins a remark), or the document of `spillway exemptions list --json`. Throws a
 * UserFault where there is no such file, or nobody in it.
 */
export function readSubjects(option: string, path: string): string[] {
  const text = textOf(option, path, 'It holds one subject a line');
  const subjects = text.trimStart().startsWith('{')
    ? ofDocument(option, path, text)
    : text
        .split('\n')
        .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
        .filter((line) => line !== '');
  if (subjects.length > 0) return subjects;
  throw new UserFault(`${option} ${path}: it names nobody. Write one subject a line`);
}

/** The policy of a file such as `spillway policy show` prints; the built-in one where none is given. */
export function readPolicy(path: string | undefined): Policy {
  if (path === undefined) return usualPolicy;
  const text = textOf('--policy', path, 'Write one with `spillway policy show > policy.json`');
  const read = policy.safeParse(jsonOf('--policy', path, text));
  if (read.success) return read.data;
  const reasons = read.error.issues.map(({ path: at, message }) => `${at.map(String).join('.')}: ${message}`);
  throw new UserFault(`--policy ${path} is no policy: ${reasons.join('; ')}`);
}

function ofDocument(option: string, path: string, text: string): string[] {
  const read = exemptionsDocument.safeParse(jsonOf(option, path, text));
  if (read.success) return read.data.exemptions.map(({ subject }) => subject);
  throw new UserFault(
    `${option} ${path}: it is JSON, but not what \`spillway exemptions list --json\` prints: give that, or one subject a line`,
  );
}

function jsonOf(option: string, path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserFault(`${option} ${path} is no JSON: ${messageOf(cause)}`, { cause });
  }
}

function textOf(option: string, path: string, what: string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8');
  throw new UserFault(`${option} ${path}: there is no such file. ${what}`);
}
