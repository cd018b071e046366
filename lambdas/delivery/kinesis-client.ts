import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { clientSettings, type Environment } from './environment';

/**
 * A Kinesis client for the given environment. It speaks HTTP/1.1, as all other clients of the SDK do, where this
 * one would speak HTTP/2: with a few large calls HTTP/2 has nothing to offer, and a local Kinesis server breaks
 * off about one in fifty of its calls and takes ten times as long for the others.
 */
export function kinesisClient(environment: Environment): KinesisClient {
  return new KinesisClient({
    ...clientSettings(environment, 'KINESIS'),
    requestHandler: new NodeHttpHandler(),
  });
}
