import type { ProvenStep } from '../prove/prove';
import { columns } from './table';

/** For people. */
export function proveText(subject: string, steps: readonly ProvenStep[]): string {
  const rows = steps.map(({ name, passed, detail, ms }) => [
    passed ? 'yes' : 'NO',
    name,
    `${(ms / 1000).toFixed(1)} s`,
    detail,
  ]);
  const failed = steps.find(({ passed }) => !passed);
  const end = failed === undefined ? `${subject} came through\n` : `${subject} stopped at: ${failed.name}\n`;
  return `${columns(['PASSED', 'STEP', 'TOOK', 'WHAT'], rows)}\n${end}`;
}
