import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListStreamConsumersCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type AwsEnvironment, clientSettings } from './aws-environment';
import { asking } from './service-fault';

/** A Kinesis stream as the service describes it. */
export interface ObservedStream {
  arn: string;
  status: string;
  shards: number;
  retentionHours: number;
}

/** Kinesis's streams, described. */
export interface KinesisStreams {
  /** Undefined where there is no such stream. */
  describe(name: string): Promise<ObservedStream | undefined>;
  /** The names of its readers with enhanced fan-out. */
  consumers(arn: string): Promise<string[]>;
  close(): void;
}

/** The streams of a region. */
export function kinesisStreams(region: string, variables: AwsEnvironment): KinesisStreams {
  const client = new KinesisClient({
    ...clientSettings('KINESIS', region, variables),
    // HTTP/1.1, as all other clients speak: local servers know nothing else.
    requestHandler: new NodeHttpHandler(),
  });
  return {
    describe: (name) =>
      asking(`describing stream ${name}`, async () => {
        try {
          const { StreamDescriptionSummary: summary } = await client.send(
            new DescribeStreamSummaryCommand({ StreamName: name }),
          );
          return {
            arn: summary?.StreamARN ?? '',
            status: summary?.StreamStatus ?? '',
            shards: summary?.OpenShardCount ?? 0,
            retentionHours: summary?.RetentionPeriodHours ?? 0,
          };
        } catch (thrown) {
          if (thrown instanceof ResourceNotFoundException) return undefined;
          throw thrown;
        }
      }),
    consumers: (arn) =>
      asking(`listing the consumers of ${arn}`, async () => {
        const { Consumers = [] } = await client.send(new ListStreamConsumersCommand({ StreamARN: arn }));
        return Consumers.flatMap(({ ConsumerName }) => ConsumerName ?? []);
      }),
    close: () => {
      client.destroy();
    },
  };
}
