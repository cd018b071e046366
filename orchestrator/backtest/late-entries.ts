import { existsSync } from 'node:fs';
import { setAside } from '../../lambdas/contracts/set-aside';
import { type UsageEntry, type UsageRecord, usageRecord } from '../../lambdas/contracts/usage-record';
import { readJsonLines } from '../cases/json-lines-file';
import { DefinitionFault, type Problem, UserFault } from '../user-fault';

/** An entry of a usage record. */
export interface LateEntry extends UsageEntry {
  readonly source: string;
  readonly batch: string;
  readonly part: number;
  readonly second: number;
}

type Name = Pick<UsageRecord, 'source' | 'batch' | 'part' | 'second'>;

/**
 * What the live job set aside as late. The archive holds it too, because it is filled from the stream before anybody knows
 * what is late: a backtest that is to say what the live job said leaves it out.
 */
export class LateEntries {
  /** How many copies of an entry came late, by the entry's name. */
  readonly #copies = new Map<string, number>();

  add(name: Name, entry: UsageEntry): void {
    const text = textOf(name, entry);
    this.#copies.set(text, (this.#copies.get(text) ?? 0) + 1);
  }

  /**
   * All copies of one record, without the entries of which every copy came late: of an entry that came in time once,
   * that copy was counted.
   *
   * @param leftOut takes what is left out, once each
   */
  withoutLate(copies: readonly UsageRecord[], leftOut: LateEntry[]): readonly UsageRecord[] {
    if (this.#copies.size === 0) return copies;
    const told = new Set<string>();
    const isLate = (record: UsageRecord, entry: UsageEntry): boolean => {
      const text = textOf(record, entry);
      const late = this.#copies.get(text) ?? 0;
      if (late === 0) return false;
      const there = copies.filter(({ entries }) =>
        entries.some((one) => textOf(record, one) === text),
      ).length;
      if (late < there) return false;
      if (!told.has(text)) {
        const { source, batch, part, second } = record;
        leftOut.push({ source, batch, part, second, ...entry });
      }
      told.add(text);
      return true;
    };
    return copies.flatMap((record) => {
      const entries = record.entries.filter((entry) => !isLate(record, entry));
      return entries.length === 0 ? [] : [{ ...record, entries }];
    });
  }
}

/**
 * Reads records of the set-aside stream, one JSON document a line, and takes those of them that came late. Throws a
 * UserFault where there is no such file, and a DefinitionFault with every line that is none.
 */
export function readLateEntries(path: string | undefined): LateEntries {
  const late = new LateEntries();
  if (path === undefined) return late;
  if (!existsSync(path)) {
    throw new UserFault(
      `--late ${path}: there is no such file. It holds records of the set-aside stream, one a line`,
    );
  }
  const problems: Problem[] = [];
  for (const { line, value } of readJsonLines(path, path, problems)) {
    const say = (message: string): void =>
      void problems.push({ code: 'set-aside-record', file: path, line, message });
    const aside = setAside.safeParse(value);
    if (!aside.success)
      say(`it is no record of the set-aside stream: ${aside.error.issues[0]?.message ?? ''}`);
    else if (aside.data.reason === 'late') {
      const record = usageRecord.safeParse(jsonOf(aside.data.record));
      if (!record.success) say('what it set aside as late is no usage record');
      else for (const entry of record.data.entries) late.add(record.data, entry);
    }
  }
  if (problems.length > 0) throw new DefinitionFault('--late', problems);
  return late;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf({ source, batch, part, second }: Name, { resource, key, subject }: UsageEntry): string {
  return JSON.stringify([source, batch, part, second, resource, key, subject]);
}
