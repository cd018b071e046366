import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Checkpoint, checkpointsInFile } from '../../../../infra/local/event-sources/checkpoints';
import { laneNumber } from '../../../../infra/local/event-sources/lane';
import { reslicing } from '../../../../infra/local/event-sources/reslicing';
import { SettledPrefix } from '../../../../infra/local/event-sources/settled-prefix';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoints-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('checkpoints in a file are there for whoever opens it next, the last one of each shard', async () => {
  const path = join(folder, 'checkpoints.json');
  const written = checkpointsInFile(path);
  expect(await written.load()).toEqual(new Map());
  const saves: Promise<void>[] = [];
  for (let i = 0; i < 100; i++) saves.push(written.save(`shard-${String(i % 3)}`, { after: String(i) }));
  saves.push(written.save('shard-0', { done: true }), written.save('shard-3', { at: 'LATEST' }));
  await Promise.all(saves);
  const expected: [string, Checkpoint][] = [
    ['shard-0', { done: true }],
    ['shard-1', { after: '97' }],
    ['shard-2', { after: '98' }],
    ['shard-3', { at: 'LATEST' }],
  ];
  expect(await checkpointsInFile(path).load()).toEqual(new Map(expected));
  expect(readdirSync(folder)).toEqual(['checkpoints.json']);
});

test('a file of checkpoints that holds something else is refused, not overwritten', async () => {
  const path = join(folder, 'checkpoints.json');
  writeFileSync(path, '{"shard-0":{"after":7}}');
  await expect(checkpointsInFile(path).load()).rejects.toThrow(`${path} holds no checkpoints: remove it`);
});

test('a shard is settled up to the first record that is not, in whatever order they are', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), (order) => {
      const prefix = new SettledPrefix();
      for (let i = 0; i < 10; i++) prefix.read(String(i));
      const settled = new Set<number>();
      const passed: string[] = [];
      for (const number of order) {
        prefix.settle(String(number));
        settled.add(number);
        passed.push(...prefix.pass());
        const upTo = [...Array(11).keys()].find((i) => !settled.has(i));
        expect(passed).toEqual([...Array(upTo).keys()].map(String));
        // What was passed before does not come back.
        if (passed.length > 0) prefix.settle('0');
        expect(prefix.pass()).toEqual([]);
      }
    }),
  );
});

test('records of one key are in one lane, and keys are spread over all of them', () => {
  const keys = Array.from({ length: 1_000 }, (_, i) => `key-${String(i)}`);
  const lanes = keys.map((key) => laneNumber(key, 10));
  expect(lanes).toEqual(keys.map((key) => laneNumber(key, 10)));
  const counts = Array.from({ length: 10 }, (_, lane) => lanes.filter((is) => is === lane).length);
  expect(Math.min(...counts)).toBeGreaterThan(50);
  expect(new Set(keys.map((key) => laneNumber(key, 1)))).toEqual(new Set([0]));
});

test('batches are cut anew as the seed has it: the same seed cuts the same, another one differently', () => {
  const recent = Array.from({ length: 20 }, (_, i) => String(i));
  const cut = (seed: number): unknown => {
    const { after, batchSize } = reslicing(seed, 'shard-0', { after: '19', recent });
    return [after, ...Array.from({ length: 11 }, () => batchSize(100))];
  };
  expect(cut(1)).toEqual(cut(1));
  expect(cut(1)).not.toEqual(cut(2));
  for (let seed = 0; seed < 200; seed++) {
    const [after, ...sizes] = cut(seed) as [string, ...number[]];
    expect(Number(after)).toBeLessThan(19);
    expect(sizes.at(-1)).toBe(100);
    for (const size of sizes) expect(size > 0 && size <= 100).toBe(true);
  }
  expect(reslicing(1, 'shard-0', { after: '19' }).after).toBe('19');
});
