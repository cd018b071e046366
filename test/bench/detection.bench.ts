import { atLeast, atMost, type BenchResult } from './bench';
import { type Cost, type CostRun, measureCosts } from './cost';

const shapes = ['nothing', 'tumble', 'function', 'reference'] as const;
const load = { entriesPerSecond: 600, windowSeconds: 120, limit: 2_000, measuredSeconds: 120 };
const shared = ['shared-key', 'shared-key-reference'] as const;
const applications = ['application', 'application-of-references'] as const;
const everNew = { keys: 'new', keyCount: 0, entriesPerSecond: 500, windowSeconds: 20, limit: 2_000 } as const;

/**
 * What the detections cost on RocksDB beside a plain two-minute TUMBLE over the same entries, with full windows.
 * `nothing` only reads: what all of them do before they differ.
 */
export async function bench(): Promise<BenchResult> {
  const runs: CostRun[] = [100_000, 1_000_000].flatMap((keyCount) =>
    shapes.map((shape) => ({ shape, keys: 'zipf' as const, keyCount, ...load })),
  );
  const whole = applications.map((shape) => ({ shape, keys: 'zipf' as const, keyCount: 100_000, ...load }));
  const sharing: CostRun[] = (['zipf', 'shared'] as const).flatMap((keys) =>
    ([...(keys === 'shared' ? (['tumble'] as const) : []), ...shared] as const).map((shape) => ({
      ...{ shape, keys, keyCount: 100_000 },
      ...load,
    })),
  );
  const growth: CostRun = { shape: 'function', ...everNew, measuredSeconds: 10 * everNew.windowSeconds };
  const costs = await measureCosts('detection', [...runs, ...whole, ...sharing, growth], 1_800_000);
  const at = (shape: string, keyCount: number, keys?: string): Cost => {
    const found = costs.find(
      (cost) => cost.shape === shape && cost.keyCount === keyCount && (keys ?? cost.keys) === cost.keys,
    );
    if (found === undefined) throw new Error(`no ${shape} over ${keyCount} keys was measured`);
    return found;
  };
  const ratio = (of: string, to: string, keyCount: number, keys?: string): number =>
    at(of, keyCount, keys).entriesPerCpuSecond / at(to, keyCount, keys).entriesPerCpuSecond;
  const grown = at('function', 0);
  return {
    bench: 'detection',
    aims: [
      ...[100_000, 1_000_000].flatMap((keyCount) => [
        atLeast(
          `function, ${keyCount} keys`,
          0.4,
          ratio('function', 'tumble', keyCount),
          '× the entries per CPU-second of TUMBLE',
        ),
        atLeast(
          `function, ${keyCount} keys`,
          3,
          ratio('function', 'reference', keyCount),
          '× the entries per CPU-second of the reference',
        ),
      ]),
      ...(['zipf', 'shared'] as const).map((keys) =>
        atLeast(
          `function of shared keys, 100000 keys, ${keys}`,
          3,
          ratio('shared-key', 'shared-key-reference', 100_000, keys),
          '× the entries per CPU-second of its reference',
        ),
      ),
      atMost(
        'function: state after ten more windows of ever new keys',
        1.1,
        grown.stateBytesEnd / grown.stateBytesFull,
        '× the state after one',
      ),
    ],
    details: {
      applicationToTumble: ratio('application', 'tumble', 100_000),
      sharedKeyToTumble: (['zipf', 'shared'] as const).map((keys) =>
        ratio('shared-key', 'tumble', 100_000, keys),
      ),
      applicationToItsReferences: ratio('application', 'application-of-references', 100_000),
      referenceToTumble: [100_000, 1_000_000].map((keyCount) => ratio('reference', 'tumble', keyCount)),
      withoutReading: [100_000, 1_000_000].map((keyCount) => ({
        keyCount,
        functionToTumble:
          net(at('tumble', keyCount), at('nothing', keyCount)) /
          net(at('function', keyCount), at('nothing', keyCount)),
        functionToReference:
          net(at('reference', keyCount), at('nothing', keyCount)) /
          net(at('function', keyCount), at('nothing', keyCount)),
      })),
      stateBytesPerKey: costs
        .filter(({ shape }) => shape !== 'nothing')
        .map((cost) => ({
          shape: cost.shape,
          keys: cost.keys,
          keyCount: cost.keyCount,
          bytes: Math.round(cost.stateBytesEnd / cost.keysTouched),
        })),
      costs,
    },
  };
}

/** CPU-seconds beyond reading. */
function net(cost: Cost, reading: Cost): number {
  return cost.cpuSeconds - reading.cpuSeconds;
}
