import { kinesisClient } from '../../lambdas/delivery/kinesis-client';
import { atLeast, type BenchResult, exactly } from './bench';
import { startBenchFlink } from './connector/bench-flink';
import { exactness } from './connector/exactness';
import { skewedShards } from './connector/skewed-shards';
import { throughput } from './connector/throughput';

/** Flink, with its tasks in a process of their own, reading a Kinesis server through the connector. About four minutes. */
export async function bench(): Promise<BenchResult> {
  const flink = await startBenchFlink();
  try {
    const client = kinesisClient(flink.environment);
    const exact = await exactness(flink, client);
    const skewed = await skewedShards(flink, client);
    client.destroy();
    const speed = await throughput(flink);
    return {
      bench: 'connector',
      aims: [
        exactly('records lost from state', 0, exact.lost, 'records'),
        exactly('records counted twice in state', 0, exact.duplicated, 'records'),
        exactly('excesses of shards 50 s apart on one subtask', skewed.expected, skewed.found, 'excesses'),
        exactly('excesses nobody caused', 0, skewed.unexpected, 'excesses'),
        atLeast('records per CPU-second', 0.4, speed.ratio, '× those of the filesystem connector'),
      ],
      details: {
        exactness: { records: exact.records, ...exact.details },
        skewedShards: {
          ...skewed,
          cited: 'the official connector lost 2 of 4 in such a run, not measured here',
        },
        throughput: speed.details,
      },
    };
  } finally {
    await flink.stop();
  }
}
