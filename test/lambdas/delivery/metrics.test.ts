import { requestFor } from '../../../lambdas/contracts/suspension-request';
import { embeddedMetrics } from '../../../guard/embedded-metrics';
import { excessMetrics } from '../../../lambdas/alerter/excess-metrics';
import { metricNamespace, spillwayMetrics } from '../../../lambdas/contracts/metrics';
import { metricLine } from '../../../lambdas/delivery/metrics';
import { estimateMetrics } from '../../../lambdas/estimator/metrics';
import { notificationMetrics } from '../../../lambdas/notifier/notification-metrics';
import { figureMetrics } from '../../../lambdas/operator/figure-metrics';
import { createHandler as createSetAside } from '../../../lambdas/set-aside/handler';
import { suspensionMetrics } from '../../../lambdas/suspender/suspension-metrics';
import { aRequest } from '../suspender/requests';

const nowMs = 1_790_000_130_500;
const { excess } = aRequest({ windowEnd: 1_790_000_120 });

const figures = { hour: 497_222, subjectsSuspended: 2, subjectsSimulated: 1, requestsPrevented: 40 };

interface Line {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [member: string]: unknown;
}

const read = (line: string): Line => JSON.parse(line) as Line;

/** What each part writes when something of everything happened. */
async function linesOfAllParts(): Promise<Line[]> {
  const lines: string[] = [];
  const entries = [{ resource: 'users', key: 'S:1', subject: 'a', units: 3, writes: 1 }];
  lines.push(
    ...estimateMetrics([
      { source: 'users', batch: 'b', second: 1_790_000_000, sequence: undefined, entries },
    ]),
    ...excessMetrics('alerter', { heard: [excess], unheard: [excess], notSent: 1 }, nowMs),
    ...suspensionMetrics('spillway', { messages: 3, decided: [suspendedAt(nowMs)], failed: 1 }, nowMs),
    ...figureMetrics('spillway', figures, { active: 2, isBreakerOpen: true }, nowMs),
    ...notificationMetrics('spillway', 1, nowMs),
  );
  const setAside = createSetAside(
    { SPILLWAY_SET_ASIDE_STREAM: 'aside' },
    () => undefined,
    (line) => lines.push(line),
  );
  await setAside({ Records: [{ kinesis: { data: '' } }] } as Parameters<typeof setAside>[0]);
  embeddedMetrics('spillway', (line) => lines.push(line))({
    ...{ suspensions: 1, stale: 1, staleSeconds: 12, push: 0, clockSkewMs: 0 },
    ...{ refusals: 5, blindRefusals: 6, refusalsDropped: 7 },
  });
  return lines.map(read);
}

const suspendedAt = (atMs: number) => ({
  request: requestFor(excess),
  decision: { kind: 'suspended' as const, until: atMs + 1, offences: 1, version: 1 },
  atMs,
});

test('every metric of the list is written, with its unit, its dimensions and a value', async () => {
  const written = (await linesOfAllParts()).flatMap((line) =>
    line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
      Metrics.map(({ Name, Unit }) => {
        expect(Namespace).toBe(metricNamespace);
        expect(line[Name]).toEqual(expect.any(Number));
        return { name: Name, unit: Unit, dimensions: Dimensions[0] };
      }),
    ),
  );
  const wanted = Object.entries(spillwayMetrics).map(([name, { unit, dimensions }]) => ({
    name,
    unit,
    dimensions,
  }));
  expect(written).toHaveLength(wanted.length);
  expect(written).toEqual(expect.arrayContaining(wanted));
});

test('a line says nothing that is not given, and nothing stays for the next one', () => {
  metricLine({ TableName: 'users', GlobalSecondaryIndexName: 'by_email' }, { EstimatedWriteUnits: 7 }, nowMs);
  expect(read(metricLine({ Store: 's' }, { BreakerOpen: 0 }, nowMs))).toEqual({
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [
        {
          Namespace: 'Spillway',
          Dimensions: [['Store']],
          Metrics: [{ Name: 'BreakerOpen', Unit: 'Count' }],
        },
      ],
    },
    Store: 's',
    BreakerOpen: 0,
  });
});

test('the slowest new suspension of a batch is its delay, and what neither was decided nor failed was too old', () => {
  const batch = { messages: 4, decided: [suspendedAt(nowMs), suspendedAt(nowMs + 2_000)], failed: 1 };
  expect(suspensionMetrics('s', batch, nowMs).map(read)).toMatchObject([
    { SuspensionDelay: 12.5, RequestsTooOld: 1, RequestsFailed: 1, RequestsHeld: 0 },
  ]);
});

test('a batch in which nothing of it happened writes nothing', () => {
  const covered = {
    ...suspendedAt(nowMs),
    decision: { ...suspendedAt(nowMs).decision, kind: 'covered' as const },
  };
  expect(suspensionMetrics('s', { messages: 1, decided: [covered], failed: 0 }, nowMs)).toEqual([]);
  expect(excessMetrics('alerter', { heard: [], unheard: [], notSent: 0 }, nowMs)).toEqual([]);
  expect(notificationMetrics('s', 0, nowMs)).toEqual([]);
});
