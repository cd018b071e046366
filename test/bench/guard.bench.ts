import { atMost, type BenchResult } from './bench';
import { costOfCheck } from './guard/check';
import { startRedisProcess } from '../guard/redis-process';

export async function bench(): Promise<BenchResult> {
  const redis = await startRedisProcess();
  try {
    const costs = [];
    for (const count of [10, 1_000, 100_000]) costs.push(await costOfCheck(redis.url, count));
    return {
      bench: 'guard',
      aims: costs.map((c) => atMost(`x`, 3, c.presentRatio, 'x')),
      details: { costs },
    };
  } finally {
    await redis.kill();
  }
}
