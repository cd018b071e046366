import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a query comes to. */
export interface StandInResult {
  /** States that are told one after the other, the last one for good. */
  readonly states: readonly string[];
  readonly reason?: string;
  readonly scanned?: number;
  readonly columns?: readonly (readonly [name: string, type: string])[];
  /** Cells as Athena gives them; null has no text. */
  readonly rows?: readonly (readonly (string | null)[])[];
}

export interface AthenaStandIn {
  readonly environment: Readonly<Record<string, string>>;
  /** Calls as they came: the operation and its input. */
  readonly calls: { operation: string; input: Record<string, unknown> }[];
  close(): Promise<void>;
}

const rowsPerPage = 2;

/**
 * Stands in for Athena: it does not read SQL, but answers as the API reference says. A query has an id and goes through
 * its states; results come in pages, of which the first one begins with the columns' names; a prepared statement can be
 * updated only once it is there (ResourceNotFoundException).
 */
export async function startAthena(resultOf: (sql: string) => StandInResult): Promise<AthenaStandIn> {
  const calls: AthenaStandIn['calls'] = [];
  const queries = new Map<string, { result: StandInResult; asked: number }>();
  const statements = new Set<string>();

  function answer(operation: string, input: Record<string, unknown>): { status: number; body: object } {
    const found = queries.get(String(input['QueryExecutionId']));
    const done = (body: object): { status: number; body: object } => ({ status: 200, body });
    switch (operation) {
      case 'StartQueryExecution': {
        const id = `query-${queries.size + 1}`;
        queries.set(id, { result: resultOf(String(input['QueryString'])), asked: 0 });
        return done({ QueryExecutionId: id });
      }
      case 'GetQueryExecution': {
        const { states, reason, scanned } = found?.result ?? { states: ['FAILED'] };
        const State = states[Math.min(found?.asked ?? 0, states.length - 1)];
        if (found !== undefined) found.asked += 1;
        const Status = { State, ...(reason !== undefined && { StateChangeReason: reason }) };
        return done({ QueryExecution: { Status, Statistics: { DataScannedInBytes: scanned ?? 0 } } });
      }
      case 'GetQueryResults': {
        const { columns = [], rows = [] } = found?.result ?? {};
        const all = [columns.map(([name]) => name), ...rows];
        const from = Number(input['NextToken'] ?? 0);
        const page = all.slice(from, from + rowsPerPage);
        const Rows = page.map((row) => ({
          Data: row.map((text) => (text === null ? {} : { VarCharValue: text })),
        }));
        const ColumnInfo = columns.map(([Name, Type]) => ({ Name, Type }));
        const more = from + rowsPerPage < all.length ? { NextToken: String(from + rowsPerPage) } : {};
        return done({ ResultSet: { Rows, ResultSetMetadata: { ColumnInfo } }, ...more });
      }
      case 'UpdatePreparedStatement':
        if (statements.has(String(input['StatementName']))) return done({});
        return { status: 400, body: { __type: 'ResourceNotFoundException', Message: 'no such statement' } };
      case 'CreatePreparedStatement':
        statements.add(String(input['StatementName']));
        return done({});
      default:
        return { status: 400, body: { __type: 'InvalidRequestException', Message: operation } };
    }
  }

  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const operation = String(request.headers['x-amz-target']).replace('AmazonAthena.', '');
      const input = JSON.parse(text) as Record<string, unknown>;
      calls.push({ operation, input });
      const { status, body } = answer(operation, input);
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    environment: {
      AWS_ENDPOINT_URL_ATHENA: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
    calls,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
