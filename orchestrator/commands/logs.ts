import { onlyApplication } from '../definition/read-definition';
import { type LogLine, logsJson, logsText } from '../report/logs-report';
import { readExceptions } from '../service/flink-exceptions';
import { cloudWatchLogs } from '../service/log-events';
import { messageOf, UserFault } from '../user-fault';
import { type Deployed, findDeployed, openPlace, type Place } from './open-place';
import { type CommonOptions, countOf, secondsOf } from './options';
import { EXIT_DONE, type Streams } from './streams';

export interface LogsOptions extends CommonOptions {
  since: string;
  limit: string;
  stackTraces: boolean;
}

/** The service lists so many operations in one answer. */
const MOST_OPERATIONS = 50;

/**
 * `spillway logs [application]`: what failed, by time: operations of the service, exceptions that Flink keeps of the
 * running job, and the application's log in CloudWatch.
 */
export async function logs(
  application: string | undefined,
  options: LogsOptions,
  streams: Streams,
): Promise<number> {
  const since = new Date(Date.now() - secondsOf('--since', options.since, 1) * 1000);
  const limit = countOf('--limit', options.limit, 10_000);
  const name = application ?? onlyApplication(options.definitions, 'logs');
  const place = await openPlace(options, streams);
  try {
    const deployed = await findDeployed(name, place, options);
    const read = [
      await failedOperations(deployed, place, since),
      await exceptions(deployed, place, since),
      await events(deployed, place, since, limit),
    ];
    const report = {
      application: name,
      environment: place.environment.name,
      since,
      lines: read.flatMap(({ lines }) => lines).sort((a, b) => a.at.getTime() - b.at.getTime()),
      notes: read.flatMap(({ note }) => note ?? []),
    };
    streams.stdout.write(
      options.json ? `${JSON.stringify(logsJson(report))}\n` : logsText(report, options.stackTraces),
    );
    return EXIT_DONE;
  } finally {
    place.close();
  }
}

/** What one source has, or why it has nothing. */
interface Read {
  lines: LogLine[];
  note?: string;
}

async function failedOperations({ observed }: Deployed, { flink }: Place, since: Date): Promise<Read> {
  const failed = (await flink.operations(observed.name, MOST_OPERATIONS)).filter(
    ({ status, startedAt }) => status === 'FAILED' && startedAt >= since,
  );
  const lines: LogLine[] = [];
  for (const { id, kind, startedAt, endedAt } of failed) {
    const { error } = await flink.operation(observed.name, id);
    const at = endedAt ?? startedAt;
    lines.push({
      at,
      source: 'service',
      level: 'ERROR',
      text: `${kind} failed: ${error ?? 'no reason given'}`,
    });
  }
  return { lines };
}

async function exceptions({ observed, title }: Deployed, { flink }: Place, since: Date): Promise<Read> {
  if (observed.status !== 'RUNNING') {
    return {
      lines: [],
      note: `${title} is ${observed.status}: Flink tells its exceptions only while it runs`,
    };
  }
  try {
    const found = await readExceptions(await flink.flinkPage(observed.name));
    const lines = found
      .filter(({ at }) => at >= since)
      .map(({ at, task, cause, stackTrace }): LogLine => {
        const text = task === undefined ? cause : `${task}: ${cause}`;
        return { at, source: 'flink', level: 'ERROR', text, stackTrace };
      });
    return { lines };
  } catch (fault) {
    // The other sources may say why.
    if (!(fault instanceof UserFault)) throw fault;
    return { lines: [], note: messageOf(fault) };
  }
}

async function events(
  { observed, title }: Deployed,
  { environment, variables }: Place,
  since: Date,
  limit: number,
): Promise<Read> {
  const { logStreamArn } = observed;
  if (logStreamArn === undefined) {
    const note =
      `${title} has no logging option, so its log is kept nowhere: give it one with ` +
      '`aws kinesisanalyticsv2 add-application-cloud-watch-logging-option`';
    return { lines: [], note };
  }
  const client = cloudWatchLogs(environment.region, variables);
  try {
    const found = await client.latest(logStreamArn, since, limit);
    return { lines: found.map(({ at, message }) => lineOf(at, message)) };
  } catch (fault) {
    if (!(fault instanceof UserFault)) throw fault;
    return { lines: [], note: messageOf(fault) };
  } finally {
    client.close();
  }
}

/** Managed Flink writes each line as JSON; what is none is shown as it is. */
function lineOf(at: Date, message: string): LogLine {
  try {
    const json = JSON.parse(message) as Partial<
      Record<'messageType' | 'logger' | 'message' | 'throwableInformation', string>
    >;
    const text = `${json.logger === undefined ? '' : `${json.logger}: `}${json.message ?? message}`;
    const stackTrace = json.throwableInformation;
    return {
      ...{ at, source: 'log', level: json.messageType ?? '', text },
      ...(stackTrace !== undefined && { stackTrace }),
    };
  } catch {
    return { at, source: 'log', level: '', text: message.trimEnd() };
  }
}
