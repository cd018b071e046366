import { planId } from '../../../orchestrator/plan/plan-id';
import { limitVerdict, planned } from './world';

const plan = planned({ set: { limit: '5' }, verdicts: [limitVerdict] });

test('a plan is frozen, down to its steps', () => {
  expect(Object.isFrozen(plan)).toBe(true);
  expect(plan.steps.every((step) => Object.isFrozen(step))).toBe(true);
});

test('its id is made of its content, in whatever order it is written', () => {
  const reordered = Object.fromEntries(Object.entries(plan).reverse()) as typeof plan;
  expect(planId(reordered)).toBe(plan.id);
  expect(planId(JSON.parse(JSON.stringify(plan)) as typeof plan)).toBe(plan.id);
  expect(planId({ ...plan, generation: 9 })).not.toBe(plan.id);
});
