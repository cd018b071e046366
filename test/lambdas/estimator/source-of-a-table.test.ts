import { usageOfBatch } from '../../../lambdas/estimator/batch';
import { readingsFor } from '../../../lambdas/estimator/readings';
import { readSettings } from '../../../lambdas/estimator/settings';
import { change, eventOf, shapeOf } from './stream-records';

test('changes of a table whose usage reporters report are not counted from the stream as well', async () => {
  const settings = readSettings({
    SPILLWAY_USAGE_STREAM: 'usage',
    SPILLWAY_SET_ASIDE_STREAM: 'set-aside',
    SPILLWAY_TABLES: JSON.stringify({
      users: { subject: '{app_id}', source: 'reporter' },
      orders: { subject: '{app_id}' },
    }),
  });
  const event = eventOf(change({}), change({ table: 'orders' }));
  const readings = await readingsFor(event, settings, {
    at: (_arn, table) => Promise.resolve({ kind: 'shape', shape: shapeOf(table) }),
  });
  const { seconds, setAside } = usageOfBatch(event, readings);
  expect(seconds.map(({ source }) => source)).toEqual(['orders']);
  expect(setAside).toEqual([]);
});
