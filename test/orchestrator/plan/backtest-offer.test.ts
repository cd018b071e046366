import { backtestOffer } from '../../../orchestrator/plan/backtest-offer';
import { planText } from '../../../orchestrator/report/plan-report';
import { plainly } from '../../../orchestrator/report/paint';
import { limitVerdict, planned, settings, windowVerdict } from './world';

test('a plan that changes a limit or a window offers the backtest of it', () => {
  const plan = planned({ set: { window: '5m', limit: '30000' }, verdicts: [windowVerdict, limitVerdict] });
  expect(planText(plan, 'x', plainly)).toContain(
    '\nwho that would have found: spillway backtest heat --env prod --since 7d ' +
      '--against limit=60000 --set limit=30000 --against window=2m --set window=5m\n',
  );
});

test('other changes offer none, nor does a first rollout', () => {
  expect(backtestOffer(planned({ set: { delay: '9s' } }))).toBeUndefined();
  expect(backtestOffer(planned())).toBeUndefined();
  const changed = planned({ set: { limit: '30000' }, verdicts: [limitVerdict] });
  expect(backtestOffer({ ...changed, observed: null })).toBeUndefined();
});

test('a map is quoted for the shell', () => {
  const plan = planned({ set: { limit: '30000' }, verdicts: [limitVerdict] });
  const { observed } = plan;
  if (observed === null) throw new Error('it is there');
  const limits = { ...settings.parameters, limits: '{}' };
  const command = backtestOffer({
    ...plan,
    observed: { ...observed, settings: { ...observed.settings, parameters: limits } },
    desired: { ...plan.desired, parameters: { ...limits, limits: `{"it's":5}` } },
    changes: plan.changes.map((change) => ({ ...change, what: 'parameter limits' })),
  });
  expect(command).toMatch(/--against 'limits=\{\}' --set 'limits=\{"it'\\''s":5\}'$/);
});
