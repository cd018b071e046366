import type { KinesisStreamEvent } from 'aws-lambda';
import type { SetAside } from '../../../lambdas/contracts/set-aside';
import type { LogLine } from '../../../lambdas/delivery/log';
import { createHandler } from '../../../lambdas/set-aside/handler';

const late: SetAside = { version: 1, setAsideBy: 'flink', reason: 'late', detail: '7 s late', record: '{}' };
const malformed: SetAside = { ...late, setAsideBy: 'estimator', reason: 'malformed', detail: 'no keys' };

function eventOf(...texts: string[]): KinesisStreamEvent {
  const Records = texts.map((text) => ({ kinesis: { data: Buffer.from(text).toString('base64') } }));
  // The function reads nothing else of the event.
  return { Records } as KinesisStreamEvent;
}

test('late entries and other records are counted apart, and each reason is said once', async () => {
  const lines: LogLine[] = [];
  const metrics: string[] = [];
  const handle = createHandler(
    { SPILLWAY_SET_ASIDE_STREAM: 'aside' },
    (line) => lines.push(line),
    (line) => metrics.push(line),
    () => 1_790_000_130_000,
  );
  await handle(eventOf(...[late, malformed, late].map((record) => JSON.stringify(record)), 'no JSON'));
  expect(metrics.map((line) => JSON.parse(line) as object)).toMatchObject([
    { StreamName: 'aside', RecordsSetAside: 2, LateEntries: 2 },
  ]);
  expect(lines).toMatchObject([
    { event: 'set-aside', setAsideBy: 'flink', reason: 'late', records: 2 },
    { event: 'set-aside', setAsideBy: 'estimator', reason: 'malformed', records: 1 },
    { event: 'set-aside', setAsideBy: 'unknown', reason: 'unreadable', records: 1 },
  ]);
  expect(lines[0]?.message).toBe('2 records were set aside by flink (late); the first: 7 s late');
});

test('a missing setting is said by name', () => {
  expect(() => createHandler({})).toThrow('SPILLWAY_SET_ASIDE_STREAM is not set');
});
