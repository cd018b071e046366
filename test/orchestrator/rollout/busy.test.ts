import { busyText, spanText } from '../../../orchestrator/rollout/busy';
import type { ListedOperation } from '../../../orchestrator/service/application';

const startedAt = new Date('2027-01-15T08:00:00Z');
const update: ListedOperation = {
  id: 'o',
  kind: 'UpdateApplication',
  status: 'IN_PROGRESS',
  startedAt,
  endedAt: undefined,
};

function after(seconds: number): Date {
  return new Date(startedAt.getTime() + seconds * 1000);
}

test('an update that is under way says since when, and how to end it', () => {
  expect(busyText('throttle (local)', 'UPDATING', update, after(42))).toBe(
    'throttle (local) is UPDATING since 42 s (UpdateApplication): wait; if it does not end, look at `spillway logs`, ' +
      'then take it back with `spillway rollback`, or end it with `spillway stop --force`',
  );
});

test('one that goes on for ten minutes takes longer than it should', () => {
  const text = busyText('throttle (local)', 'UPDATING', update, after(720));
  expect(text).toContain('since 12 min (UpdateApplication), longer than that should take: ');
});

test('what cannot be cut off says so', () => {
  const text = busyText('throttle (local)', 'MAINTENANCE', undefined, after(0));
  expect(text).toBe(
    'throttle (local) is MAINTENANCE: wait, it cannot be cut off; if it does not end, only AWS Support can help',
  );
});

test('spans are told in seconds, minutes, then hours', () => {
  expect([119, 120, 7199, 7260].map(spanText)).toEqual(['119 s', '2 min', '119 min', '2 h 1 min']);
});
