import { mergeHistory } from '../../../orchestrator/rollout/merge-history';
import type { ListedOperation } from '../../../orchestrator/service/application';
import { entryAt } from '../service/rollout-record';

function operationAt(time: string, kind: string): ListedOperation {
  const startedAt = new Date(`2027-01-15T${time}Z`);
  return { id: kind + time, kind, status: 'SUCCESSFUL', startedAt, endedAt: startedAt };
}

test('what a command led to is not told twice; what nobody of Spillway asked for is, by time', () => {
  // It took half a minute, and is written when it is over.
  const entry = { ...entryAt('2027-01-15T08:00:30.000Z'), tookSeconds: 30 };
  const lines = mergeHistory(
    [entry],
    [
      operationAt('09:00:00', 'ApplicationMaintenance'),
      operationAt('08:00:02', 'UpdateApplication'),
      operationAt('07:00:00', 'UpdateApplication'),
    ],
  );
  expect(lines.map((line) => (line.kind === 'command' ? line.entry.action : line.operation.id))).toEqual([
    'ApplicationMaintenance09:00:00',
    'apply',
    'UpdateApplication07:00:00',
  ]);
});
