import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { type AwsEnvironment, clientSettings } from './aws-environment';
import { asking } from './service-fault';

/** One line of an application's log. */
export interface LogEvent {
  at: Date;
  message: string;
}

/** CloudWatch's logs, read. */
export interface LogEvents {
  /** The latest events of a log stream since a moment, at most so many, the latest last. */
  latest(logStreamArn: string, since: Date, limit: number): Promise<LogEvent[]>;
  close(): void;
}

/** The logs of a region: the one file that speaks to CloudWatch Logs. */
export function cloudWatchLogs(region: string, variables: AwsEnvironment): LogEvents {
  const client = new CloudWatchLogsClient(clientSettings('CLOUDWATCH_LOGS', region, variables));
  return {
    latest: (logStreamArn, since, limit) =>
      asking(`reading the log ${logStreamArn}`, async () => {
        const { group, stream } = placeOf(logStreamArn);
        const { events = [] } = await client.send(
          new GetLogEventsCommand({
            logGroupName: group,
            logStreamName: stream,
            startTime: since.getTime(),
            limit,
            startFromHead: false,
          }),
        );
        return events.map(({ timestamp = 0, message = '' }) => ({ at: new Date(timestamp), message }));
      }),
    close: () => {
      client.destroy();
    },
  };
}

/** `arn:aws:logs:REGION:ACCOUNT:log-group:GROUP:log-stream:STREAM`. */
function placeOf(arn: string): { group: string; stream: string } {
  const [, group, stream] = /:log-group:([^:]+):log-stream:(.+)$/.exec(arn) ?? [];
  if (group === undefined || stream === undefined) throw new Error(`${arn} is no ARN of a log stream`);
  return { group, stream };
}
