import type { Calibration, Span } from '../calibration/calibration';

export interface CalibrateOutcome {
  readonly environment: string;
  readonly span: Span;
  readonly resources: readonly Calibration[];
}

/** For people. */
export function calibrateText({ span, resources }: CalibrateOutcome): string {
  const [from, to] = [span.from, span.to].map((second) => new Date(second * 1_000).toISOString());
  const rows = [
    ['resource', 'estimated', 'consumed', 'ratio'],
    ...resources.map(({ resource, estimated, consumed, ratio }) => [
      resource,
      estimated.toLocaleString('en-US'),
      consumed.toLocaleString('en-US'),
      ratio === null ? '–' : ratio.toFixed(4),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
  return `write units from ${from ?? ''} to ${to ?? ''}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** The JSON document of `calibrate --json`. */
export function calibrateJson({ environment, span, resources }: CalibrateOutcome): object {
  return {
    schemaVersion: 1,
    command: 'calibrate',
    environment,
    from: span.from,
    to: span.to,
    periodSeconds: span.periodSeconds,
    resources,
  };
}
