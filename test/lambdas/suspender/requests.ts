import type { SQSRecord } from 'aws-lambda';
import type { Excess } from '../../../lambdas/contracts/excess';
import { requestFor, type SuspensionRequest } from '../../../lambdas/contracts/suspension-request';

/** A request of the subject `app_1`, with a window of two minutes ending at second 1,000, unless told otherwise. */
export function aRequest(differing: Partial<Excess> = {}): SuspensionRequest {
  const windowEnd = differing.windowEnd ?? 1_000;
  return requestFor({
    version: 1,
    application: 'throttle',
    generation: 1,
    detection: 'partition-heat',
    resource: 'users',
    key: 'S:app_1',
    subject: 'app_1',
    units: 61_000,
    limit: 60_000,
    peakSecondUnits: 900,
    activeSeconds: 80,
    windowStart: windowEnd - 120,
    windowEnd,
    ...differing,
  });
}

/** A message as SQS hands it to a function. */
export function aMessage(body: string, messageId = 'message-1'): SQSRecord {
  return {
    messageId,
    receiptHandle: 'handle',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:requests',
    awsRegion: 'us-east-1',
  };
}
