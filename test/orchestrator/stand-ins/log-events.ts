import { type Answer, type StandIn, startStandIn } from './http-server';

export interface StoredEvent {
  timestamp: number;
  message: string;
}

/** A stand-in for CloudWatch Logs with events by `GROUP:STREAM`; README.md says what it keeps of it. */
export function startLogEvents(streams: ReadonlyMap<string, readonly StoredEvent[]>): Promise<StandIn> {
  return startStandIn((request, body) => {
    if (request.headers['x-amz-target'] !== 'Logs_20140328.GetLogEvents') {
      return json(400, { __type: 'UnknownOperationException' });
    }
    const { logGroupName, logStreamName, startTime, limit } = JSON.parse(body) as {
      logGroupName: string;
      logStreamName: string;
      startTime: number;
      limit: number;
    };
    const events = streams.get(`${logGroupName}:${logStreamName}`);
    if (events === undefined) {
      const message = 'The specified log stream does not exist.';
      return json(400, { __type: 'ResourceNotFoundException', message });
    }
    return json(200, { events: events.filter(({ timestamp }) => timestamp >= startTime).slice(-limit) });
  });
}

function json(status: number, body: object): Answer {
  return { status, contentType: 'application/x-amz-json-1.1', body: JSON.stringify(body) };
}
