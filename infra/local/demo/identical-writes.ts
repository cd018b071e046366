import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { Guard } from '../../../guard';
import { createReporter, kinesisSink } from '../../../guard/reporter';
import { clientSettings, type Environment } from '../../../lambdas/delivery/environment';
import { usageOfBatch } from '../../../lambdas/estimator/batch';
import { readingsFor } from '../../../lambdas/estimator/readings';
import { readSettings } from '../../../lambdas/estimator/settings';
import { createShapes, type Shapes } from '../../../lambdas/estimator/shapes';
import { type TablesPort, tablesPort } from '../../../lambdas/estimator/tables-port';
import { startDynamoDbStreamSource } from '../event-sources/dynamodb-stream';
import { pause } from '../event-sources/pause';
import { startSettingsApi } from '../example/settings-api';
import { createSettingsTable, settingsTable } from '../example/settings-table';
import type { LocalServer } from '../servers/local-server';
import type { LocalSpillway } from '../spillway';
import { ConsumedHeat } from './consumed-heat';
import { count, type Narration, seconds } from './narration';

/** What became of the tenant that writes the same again and again; printed as it is by `--json`. */
export interface IdenticalWrites {
  readonly tenant: string;
  readonly writes: number;
  /** Write units, as DynamoDB counts them. */
  readonly units: number;
  /** Write units, as the estimator would count them from the table's stream. */
  readonly unitsInStream: number;
  /** The tenant was refused: the reporter is the only source of its usage. */
  readonly foundByReporter: boolean;
  /** Whether what its stream shows would have passed the limit. */
  readonly seenByStream: boolean;
  /** Milliseconds from passing the limit to the first refusal; null where it was not refused. */
  readonly crossingToRefusalMs: number | null;
}

export interface IdenticalWritesOptions {
  readonly startDynamoDb: (id: string) => Promise<LocalServer>;
  readonly guard: Guard;
  readonly windowSeconds: number;
  readonly limit: number;
  readonly patienceMs: number;
  readonly narration: Narration;
  readonly signal: AbortSignal;
}

const tenant = 'app_21';
const requestsPerSecond = 8;
/** About 100 write units each time: it passes the limit in somewhat more than a minute. */
const settings = 'theme=dark\n'.repeat(9_300);

/**
 * A tenant whose integration saves the same settings over and over. DynamoDB consumes for each write what it would for
 * a change, and its stream shows the first one only.
 */
export async function runIdenticalWrites(
  spillway: Pick<LocalSpillway, 'environment' | 'clients' | 'resources'>,
  options: IdenticalWritesOptions,
): Promise<IdenticalWrites> {
  const { guard, narration, limit, windowSeconds } = options;
  // A second streamed table in one DynamoDB Local makes both slow.
  const server = await options.startDynamoDb('settings');
  const environment = {
    ...spillway.environment,
    AWS_ENDPOINT_URL_DYNAMODB: server.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: server.endpoint,
  };
  const client = new DynamoDBClient(clientSettings(environment, 'DYNAMODB'));
  const streams = new DynamoDBStreamsClient(clientSettings(environment, 'DYNAMODB_STREAMS'));
  const reporter = createReporter({
    sink: kinesisSink(spillway.clients.kinesis, spillway.resources.usageStream),
    tables: { [settingsTable.name]: settingsTable },
    onEvent: ({ kind, message }) => narration.event('reporter', `${kind}: ${message}`),
  });
  const stream = new StreamOnlooker(environment);
  const closing: (() => void | Promise<void>)[] = [
    () => reporter.stop(),
    () => {
      client.destroy();
      streams.destroy();
      stream.close();
    },
  ];
  try {
    const streamArn = await createSettingsTable(client);
    reporter.attach(client);
    const source = await startDynamoDbStreamSource({
      client: streams,
      streamArn,
      handler: stream.handler,
      functionName: 'onlooker',
      startingPosition: 'TRIM_HORIZON',
      pollIntervalMs: 500,
      log: () => undefined,
    });
    closing.unshift(() => source.stop());
    const api = await startSettingsApi(client, guard);
    closing.unshift(() => api.stop());
    narration.event(
      'identical',
      `${tenant} saves the same settings ${requestsPerSecond} times a second, at ${api.url}`,
    );

    const heat = new ConsumedHeat(windowSeconds * 1_000, limit);
    const saved = await saveUntilRefused(api.url, heat, options);
    const crossedAtMs = heat.crossedAtMs(tenant);
    const { refusedAtMs } = saved;
    const crossingToRefusalMs =
      crossedAtMs === undefined || refusedAtMs === undefined ? null : refusedAtMs - crossedAtMs;
    if (refusedAtMs !== undefined) {
      narration.event(
        'refused',
        `${tenant} gets 429, ${seconds(crossingToRefusalMs)} after it passed the limit`,
      );
    }
    await stream.untilSeen(options.signal);
    narration.event(
      'unseen',
      `of the ${count(saved.units)} units of ${tenant} its table's stream shows ${count(stream.units)}: ` +
        `without the reporter nobody would see the loop`,
    );
    return {
      tenant,
      writes: saved.writes,
      units: saved.units,
      unitsInStream: stream.units,
      foundByReporter: refusedAtMs !== undefined,
      seenByStream: stream.units > limit,
      crossingToRefusalMs,
    };
  } finally {
    for (const close of closing) await close();
  }
}

/** Counts what the estimator would count from the table's stream. Nothing of it reaches the usage stream. */
class StreamOnlooker {
  units = 0;

  private readonly settings = readSettings({
    SPILLWAY_USAGE_STREAM: 'none',
    SPILLWAY_SET_ASIDE_STREAM: 'none',
    SPILLWAY_TABLES: JSON.stringify({ [settingsTable.name]: { subject: settingsTable.subject } }),
  });
  private readonly tables: TablesPort;
  private readonly shapes: Shapes;

  constructor(environment: Environment) {
    this.tables = tablesPort(environment, undefined);
    this.shapes = createShapes(this.tables, Date.now, () => undefined);
  }

  readonly handler = async (event: DynamoDBStreamEvent): Promise<void> => {
    const readings = await readingsFor(event, this.settings, this.shapes);
    for (const { entries } of usageOfBatch(event, readings).seconds) {
      for (const { units } of entries) this.units += units;
    }
  };

  close(): void {
    this.tables.close();
  }

  /** Waits until the first write is there: the stream shows that one at least. */
  async untilSeen(signal: AbortSignal): Promise<void> {
    const giveUpAtMs = Date.now() + 10_000;
    while (this.units === 0 && Date.now() < giveUpAtMs && !signal.aborted) await pause(100, signal);
  }
}

async function saveUntilRefused(
  apiUrl: string,
  heat: ConsumedHeat,
  { patienceMs, signal }: IdenticalWritesOptions,
): Promise<{ writes: number; units: number; refusedAtMs: number | undefined }> {
  let [writes, units] = [0, 0];
  const giveUpAtMs = Date.now() + patienceMs;
  while (Date.now() < giveUpAtMs && !signal.aborted) {
    const askedAtMs = Date.now();
    const response = await fetch(`${apiUrl}/apps/${tenant}/settings`, {
      method: 'PUT',
      body: settings,
      signal: AbortSignal.timeout(15_000),
    }).catch(() => undefined);
    const answer = (await response?.json().catch(() => undefined)) as { units?: number } | undefined;
    if (response?.status === 429) return { writes, units, refusedAtMs: Date.now() };
    if (response?.status === 200) {
      writes++;
      units += answer?.units ?? 0;
      heat.add(tenant, answer?.units ?? 0, Date.now());
    }
    // A slow machine slows it down: it does not catch up in a burst.
    await pause(askedAtMs + 1_000 / requestsPerSecond - Date.now(), signal);
  }
  return { writes, units, refusedAtMs: undefined };
}
