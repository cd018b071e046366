import { type DoctorCheck, ok, unknown } from '../doctor-check';

export const readers: DoctorCheck = {
  code: 'readers',
  help: 'all readers of a shard together have five reads a second: the application two, a second one in a rollout two, Firehose one',
  look: async ({ environment, streams }) => {
    const stream = await streams.describe(environment.streams.usage);
    if (stream === undefined) return [];
    const consumers = await streams.consumers(stream.arn);
    const fanOut =
      consumers.length === 0
        ? 'no reader has enhanced fan-out'
        : `with enhanced fan-out, which takes none of the five: ${consumers.join(', ')}`;
    return [
      ok(`${environment.streams.usage}: ${fanOut}`),
      unknown(
        'Kinesis does not tell who reads a shard by polling',
        'let nobody but the application and one Firehose poll the usage stream; CloudWatch’s ReadProvisionedThroughputExceeded shows when somebody does',
      ),
    ];
  },
};
