/** An error as the service answers it. */
export class KinesisFault extends Error {
  /** @param type the error's name in the API, such as `ProvisionedThroughputExceededException` */
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

export const account = '000000000000';

/** A shard was asked for more than it gives. */
export function shardBusy(stream: string, shardId: string): KinesisFault {
  return new KinesisFault('ProvisionedThroughputExceededException', shardBusyMessage(stream, shardId));
}

export function shardBusyMessage(stream: string, shardId: string): string {
  return `Rate exceeded for shard ${shardId} in stream ${stream} under account ${account}.`;
}
