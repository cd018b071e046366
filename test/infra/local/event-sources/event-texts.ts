import type { KinesisStreamEvent } from 'aws-lambda';

/** The data of an event's records, which tests write as texts. */
export const textsOf = (event: KinesisStreamEvent): string[] =>
  event.Records.map(({ kinesis: { data } }) => Buffer.from(data, 'base64').toString());
