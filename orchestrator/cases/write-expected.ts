import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isForPeople } from './json-lines-file';
import type { JudgedCase } from './judge-case';

/** Makes what came out what is expected; answers with the files that changed. Comments at a file's top stay. */
export function writeExpected({ outcome, actual, differences }: JudgedCase): string[] {
  return differences.map(({ table }) => {
    const path = join(outcome.case.folder, `${table}.jsonl`);
    const rows = actual[table] ?? [];
    if (rows.length === 0) rmSync(path, { force: true });
    else
      writeFileSync(path, [...commentsAtTop(path), ...rows.map((row) => JSON.stringify(row)), ''].join('\n'));
    return path;
  });
}

function commentsAtTop(path: string): string[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  const rows = lines.findIndex((line) => !isForPeople(line));
  return rows < 0 ? [] : lines.slice(0, rows);
}
