import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { startRedisProcess } from '../guard/redis-process';
import { atMost, type BenchResult } from './bench';
import type { CheckCost } from './guard/check';
import { type ChangeLatency, latencyOfChanges } from './guard/latency';
import { loadOfGuards } from './guard/slot-load';
import { costOfSync } from './guard/sync';

/** What the guard costs an API and its Redis, and how soon it follows; a Redis of its own for each question. */
export async function bench(): Promise<BenchResult> {
  const checks = [];
  for (const suspensions of [10, 1_000, 100_000]) {
    checks.push(
      await withRedis(`checks, ${String(suspensions)} suspensions`, (url) => checkAlone(url, suspensions)),
    );
  }
  const sync = await withRedis('reading 100,000 suspensions', (url) => costOfSync(url, 100_000));
  const pushed = await withRedis('changes, pushed', (url) => latencyOfChanges(url, url, 20, 50));
  const polled = await withRedis('changes, polled', async (url) =>
    latencyOfChanges(await unpushed(url), url, 40, 8),
  );
  const load = await withRedis('1,000 guards', (url) => loadOfGuards(url, 1_000));
  return {
    bench: 'guard',
    aims: [
      ...checks.flatMap(({ suspensions, absentRatio, presentRatio }) => [
        atMost(`check, absent, ${String(suspensions)} suspensions`, 3, absentRatio, '× Map.get'),
        atMost(`check, present, ${String(suspensions)} suspensions`, 3, presentRatio, '× Map.get'),
      ]),
      ...latencyAims('pushed', 1_000, pushed),
      ...latencyAims('polled', 3_000, polled),
    ],
    details: { checks, sync, pushed, polled, load },
  };
}

async function checkAlone(url: string, suspensions: number): Promise<CheckCost> {
  const program = join(__dirname, 'guard/check-alone.ts');
  const typescript = join(__dirname, '../../infra/local/typescript.js');
  const args = ['-r', typescript, program, url, String(suspensions)];
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout) as CheckCost;
}

function latencyAims(how: string, boundMs: number, { suspend, lift }: ChangeLatency): BenchResult['aims'] {
  return [
    atMost(`suspended to the first request refused, ${how}, p99`, boundMs, suspend.p99Ms, 'ms'),
    atMost(`lifted to the first request let through, ${how}, p99`, boundMs, lift.p99Ms, 'ms'),
  ];
}

async function withRedis<Result>(what: string, measure: (url: string) => Promise<Result>): Promise<Result> {
  process.stderr.write(`${what}\n`);
  const redis = await startRedisProcess();
  try {
    return await measure(redis.url);
  } finally {
    await redis.kill();
  }
}

/** The address for a user who may do all but subscribe: its guards find changes by polling alone. */
async function unpushed(url: string): Promise<string> {
  const redis = new Redis(url);
  await redis.call('ACL', 'SETUSER', 'unpushed', 'on', '>bench', '~*', '+@all', 'resetchannels');
  redis.disconnect();
  return url.replace('redis://', 'redis://unpushed:bench@');
}
