import type { RedrivenBatch } from '../redrive/redrive';

export interface RedriveOutcome {
  readonly environment: string;
  readonly bucket: string;
  readonly dryRun: boolean;
  readonly batches: readonly RedrivenBatch[];
  /** Whether batches are left that this run did not look at. */
  readonly more: boolean;
}

/** For people. */
export function redriveText({ bucket, dryRun, batches, more }: RedriveOutcome): string {
  if (batches.length === 0) return `nothing to do: no batch waits in s3://${bucket}\n`;
  const lines = batches.map(({ key, functionName, records, outcome, detail }) => {
    const what = outcome === 'unreadable' ? key : `${records} records for ${functionName}  ${key}`;
    return `  ${outcome.padEnd(16)}  ${what}${detail === undefined ? '' : `\n    ${detail}`}\n`;
  });
  const count = (...outcomes: string[]): number =>
    batches.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const end = dryRun
    ? `${count('would-redrive')} would be given to their functions again; nothing was changed`
    : `${count('redriven', 'already-redriven')} of ${batches.length} are through and moved to redriven/`;
  return `${lines.join('')}${end}\n${more ? 'more are waiting: run the command again, or raise --limit\n' : ''}`;
}

/** The JSON document of `redrive --json`. */
export function redriveJson({ environment, bucket, dryRun, batches, more }: RedriveOutcome): object {
  return { schemaVersion: 1, command: 'redrive', environment, bucket, dryRun, batches, more };
}
