import { changedLines } from '../../../orchestrator/report/changed-lines';

const at = new Date('2027-01-15T08:00:00.123Z');

test('at first all lines are told, then those that were not there before', () => {
  expect(changedLines(undefined, 'throttle\n  status  RUNNING\n', at)).toBe(
    '2027-01-15T08:00:00Z  throttle\n2027-01-15T08:00:00Z    status  RUNNING\n',
  );
  expect(changedLines('throttle\n  status  RUNNING\n', 'throttle\n  status  UPDATING\n', at)).toBe(
    '2027-01-15T08:00:00Z    status  UPDATING\n',
  );
  expect(changedLines('throttle\n', 'throttle\n', at)).toBe('');
});
