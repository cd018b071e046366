import type { BillingPlan } from '../billing/plan-billing';
import type { Paint } from './paint';
import { sqlDiff } from './sql-diff';

/** For people: what publishing would change, and which closed months it concerns. */
export function billingPlanText(
  plans: readonly BillingPlan[],
  title: string,
  next: string,
  paint: Paint,
): string {
  const texts = plans.map((plan) => planText(plan, title, paint));
  const toDo = plans.some(({ action }) => action === 'publish');
  return `${texts.join('\n')}${toDo ? `\nNext: ${next}\n` : ''}`;
}

function planText(plan: BillingPlan, title: string, paint: Paint): string {
  const { definition, action, published, next, sql, changes, rerates } = plan;
  const head = paint('bold', `${definition} (${title})`);
  if (action === 'nothing') return `${head}: version ${published ?? 0} is what the files say\n`;
  if (published === undefined) return `${head}: not published yet; it becomes version 1\n`;
  const diff = sqlDiff(sql.from, sql.to, paint)
    .replace('--- runs', '--- published')
    .replace('+++ wanted', '+++ files');
  const settings = changes.map(
    ({ what, from, to }) =>
      `  ${what}\n${from === undefined ? '' : paint('red', `    - ${from}\n`)}${to === undefined ? '' : paint('green', `    + ${to}\n`)}`,
  );
  const concerned =
    rerates.length === 0
      ? 'No closed month is rated otherwise by it.\n'
      : `It rates ${rerates.join(', ')} otherwise. Their invoices stay as they are: a run of such a month is kept beside its invoice as a re-rating.\n`;
  return [
    `${head}: version ${published} is published, version ${next} would be\n`,
    ...settings,
    diff,
    concerned,
  ].join('');
}

/** The JSON document of `billing plan --json`. */
export function billingPlanJson(plans: readonly BillingPlan[], title: string): object {
  return { schemaVersion: 1, command: 'billing plan', place: title, definitions: plans };
}
