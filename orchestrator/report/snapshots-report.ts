import { spanText } from '../rollout/busy';
import type { Snapshot } from '../service/application';
import { columns } from './table';

export interface SnapshotsReport {
  /** `throttle (local)`. */
  title: string;
  /** The application's version now. */
  version: number;
  snapshots: readonly Snapshot[];
  now: Date;
}

/** The service keeps so many of an application (developer guide, quotas). */
const MOST_SNAPSHOTS = 1_000;
const NEAR = 900;

/** For people. */
export function snapshotsText({ title, version, snapshots, now }: SnapshotsReport): string {
  if (snapshots.length === 0) return `${title} has no snapshot: \`spillway snapshots create\` takes one\n`;
  const rows = snapshots.map((one) => [
    one.name,
    one.status,
    `version ${one.version}${one.version === version ? '' : ' (an earlier one)'}`,
    `${spanText(Math.max(0, Math.round((now.getTime() - one.createdAt.getTime()) / 1000)))} ago`,
  ]);
  const near =
    snapshots.length < NEAR
      ? ''
      : `${snapshots.length} of ${MOST_SNAPSHOTS} snapshots are used up: delete old ones with \`spillway snapshots delete\`, or rollouts fail\n`;
  return `${columns(['snapshot', 'status', 'of', 'taken'], rows)}\n${near}`;
}

/** The JSON document of `snapshots list --json`. */
export function snapshotsJson({ title, version, snapshots }: SnapshotsReport): object {
  return {
    schemaVersion: 1,
    command: 'snapshots list',
    application: title,
    version,
    snapshots: snapshots.map((one) => ({ ...one, createdAt: one.createdAt.toISOString() })),
  };
}
