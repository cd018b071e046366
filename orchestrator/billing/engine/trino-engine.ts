import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { UserFault } from '../../user-fault';
import type { BillingEngine, RatedTable } from './engine';
import { type CaseRecord, trinoRecords } from '../cases/case-records';

const cell = z.union([
  z.string(),
  z.null(),
  z.strictObject({ n: z.string() }).transform(({ n }) => BigInt(n)),
]);
const answer = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ error: z.string() }),
  z.strictObject({ columns: z.array(z.string()), rows: z.array(z.array(cell)) }),
]);

type Answer = z.infer<typeof answer>;

/** A real Trino in one JVM, which answers one query after the other. */
export interface Trino {
  query(sql: string): Promise<RatedTable>;
  close(): Promise<void>;
}

/** What Trino's own threads and buffers reach into. */
const javaOptions = [
  ...['-Xmx512m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Duser.timezone=UTC'],
  ...['java.lang', 'java.nio'].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
];

/** Starts Trino from where set-up put it, in about five seconds. Throws a UserFault where it is not there. */
export async function startTrino(workFolder: string): Promise<Trino> {
  const folder = join(workFolder, 'trino');
  if (!existsSync(join(folder, 'classes'))) {
    throw new UserFault(`there is no Trino in ${folder}: run \`npm run set-up\`, or choose --engine duckdb`);
  }
  const classPath = [join(folder, 'classes'), join(folder, '*')].join(
    process.platform === 'win32' ? ';' : ':',
  );
  const jvm = spawn('java', [...javaOptions, '-cp', classPath, 'TrinoQueries'], { stdio: 'pipe' });
  const ended = new Promise<void>((resolve) => jvm.once('close', () => resolve()));
  const ask = questions(jvm);
  await ask(undefined);
  return {
    query: async (sql) => {
      const said = await ask(sql);
      if ('error' in said) throw new UserFault(`Trino refuses the query: ${said.error}`);
      if ('ready' in said) throw new Error('Trino said again that it is ready');
      return said;
    },
    close: async () => {
      jvm.stdin.end();
      await ended;
    },
  };
}

/** Asks one thing at a time; the first answer is that it is ready. */
function questions(jvm: ChildProcessWithoutNullStreams): (sql: string | undefined) => Promise<Answer> {
  const errors: string[] = [];
  jvm.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const lines = createInterface({ input: jvm.stdout })[Symbol.asyncIterator]();
  return async (sql) => {
    if (sql !== undefined) jvm.stdin.write(`${JSON.stringify({ sql })}\n`);
    const { value, done } = await lines.next();
    if (done === true)
      throw new Error(`Trino ended by itself: ${errors.join('').trim().split('\n').slice(-5).join('\n')}`);
    return answer.parse(JSON.parse(value));
  };
}

/** Rates a case's records in Trino: they stand in the query itself. */
export function trinoEngine(trino: Trino, records: readonly CaseRecord[]): BillingEngine {
  return {
    name: 'trino',
    objects: () => Promise.resolve([]),
    query: (sql) => trino.query(withUsage(sql, trinoRecords(records))),
    bytesCharged: () => undefined,
    close: () => undefined,
  };
}

/** The query with one more relation before its own. */
function withUsage(sql: string, usage: string): string {
  return /^WITH\b/.test(sql) ? sql.replace(/^WITH\b/, `WITH ${usage},`) : `WITH ${usage}\n${sql}`;
}
