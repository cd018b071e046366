import {
  AthenaClient,
  type ColumnInfo,
  CreatePreparedStatementCommand,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  ResourceNotFoundException,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
  UpdatePreparedStatementCommand,
} from '@aws-sdk/client-athena';
import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';
import { type AwsEnvironment, clientSettings } from '../service/aws-environment';
import { asking } from '../service/service-fault';
import { UserFault } from '../user-fault';
import type { Cell } from './duckdb';
import type { Answer, UsageArchive } from './usage-archive';

/** Where Athena asks. */
export interface AthenaPlace {
  readonly region: string;
  /** Its limit of bytes a query and the place of its results are the workgroup's. */
  readonly workgroup: string;
  readonly database: string;
}

/** What a query answered; without rows it has its columns all the same. */
export interface AthenaTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly bytesScanned: number;
}

/** Athena over one archive. */
export interface Athena extends Pick<UsageArchive, 'query' | 'close'> {
  table(sql: string): Promise<AthenaTable>;
  /** Makes a prepared statement of the workgroup, or gives it another text. */
  prepare(name: string, sql: string, description: string): Promise<void>;
}

const firstPauseMs = 200;
const longestPauseMs = 5_000;

/** The one file that speaks to Athena. A query that takes longer than `mostSeconds` is stopped. */
export function athena(
  { region, workgroup, database }: AthenaPlace,
  variables: AwsEnvironment,
  mostSeconds = 1_800,
): Athena {
  const client = new AthenaClient(clientSettings('ATHENA', region, variables));

  /** Waits until a query has ended; answers the bytes it scanned. */
  async function ended(id: string): Promise<number> {
    let pauseMs = firstPauseMs;
    for (const startedMs = performance.now(); ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const { QueryExecution } = await asking(`asking Athena about the query ${id}`, () =>
        client.send(new GetQueryExecutionCommand({ QueryExecutionId: id })),
      );
      const { State, StateChangeReason } = QueryExecution?.Status ?? {};
      const scanned = QueryExecution?.Statistics?.DataScannedInBytes ?? 0;
      if (State === 'SUCCEEDED') return scanned;
      if (State === 'FAILED' || State === 'CANCELLED') {
        // A query that reaches the workgroup's limit is cancelled and charged for what it scanned.
        throw new UserFault(
          `Athena's query ${id} in the workgroup ${workgroup} was ${State.toLowerCase()}: ${StateChangeReason ?? 'it says no reason'}`,
        );
      }
      if (performance.now() - startedMs > mostSeconds * 1_000) {
        await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
        throw new UserFault(`Athena's query ${id} took more than ${mostSeconds} s and was stopped`);
      }
      await pause(pauseMs);
    }
  }

  async function tableOf(id: string): Promise<Omit<AthenaTable, 'bytesScanned'>> {
    let columns: ColumnInfo[] = [];
    const rows: Cell[][] = [];
    for await (const { ResultSet } of paginateGetQueryResults({ client }, { QueryExecutionId: id })) {
      // The first row of the first page is the columns' names.
      const withoutNames = (ResultSet?.Rows ?? []).slice(columns.length === 0 ? 1 : 0);
      columns = ResultSet?.ResultSetMetadata?.ColumnInfo ?? columns;
      for (const { Data = [] } of withoutNames) {
        rows.push(columns.map((column, at) => cellOf(column, Data[at]?.VarCharValue)));
      }
    }
    return { columns: columns.map(({ Name }) => Name ?? ''), rows };
  }

  async function table(sql: string): Promise<AthenaTable> {
    const { QueryExecutionId: id = '' } = await asking(`asking Athena in the workgroup ${workgroup}`, () =>
      client.send(
        new StartQueryExecutionCommand({
          QueryString: sql,
          WorkGroup: workgroup,
          QueryExecutionContext: { Database: database },
        }),
      ),
    );
    const bytesScanned = await ended(id);
    const { columns, rows } = await asking(`reading the rows of Athena's query ${id}`, () => tableOf(id));
    return { columns, rows, bytesScanned };
  }

  return {
    table,
    query: async <T>(sql: string, row: z.ZodType<T>): Promise<Answer<T>> => {
      const { columns, rows, bytesScanned } = await table(sql);
      const named = rows.map((cells) => Object.fromEntries(columns.map((name, at) => [name, cells[at]])));
      return { rows: named.map((each) => row.parse(each)), bytesScanned };
    },
    prepare: (name, sql, description) =>
      asking(`publishing the prepared statement ${name} in the workgroup ${workgroup}`, async () => {
        const statement = {
          StatementName: name,
          WorkGroup: workgroup,
          QueryStatement: sql,
          Description: description,
        };
        try {
          await client.send(new UpdatePreparedStatementCommand(statement));
        } catch (thrown) {
          if (!(thrown instanceof ResourceNotFoundException)) throw thrown;
          await client.send(new CreatePreparedStatementCommand(statement));
        }
      }),
    close: () => {
      client.destroy();
    },
  };
}

/** A cell by its column's type: Athena gives all of them as text, and none for NULL. */
function cellOf({ Type }: ColumnInfo, text: string | undefined): Cell {
  if (text === undefined) return null;
  if (Type !== 'bigint' && Type !== 'integer') return text;
  const whole = BigInt(text);
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}
