import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DefinitionFiles } from '../../billing/books/published';
import { readBillingDefinition } from '../../billing/definition/read-billing-definition';
import { type BillingPlan, planBilling } from '../../billing/plan-billing';
import { billingPlanJson, billingPlanText } from '../../report/billing-plan-report';
import { paintFor } from '../../report/paint';
import { EXIT_CHANGES, EXIT_DONE, type Streams } from '../streams';
import { type BillingOptions, type BillingPlace, definitionsOf, openBilling } from './open-billing';

/** `spillway billing plan [definition]`: what publishing the files would change. Writes nothing. */
export async function plan(
  definition: string | undefined,
  options: BillingOptions,
  streams: Streams,
): Promise<number> {
  const place = await openBilling(options, streams);
  try {
    const plans = await plansOf(place, definition, options);
    const text = options.json
      ? `${JSON.stringify(billingPlanJson(plans, place.title))}\n`
      : billingPlanText(
          plans,
          place.title,
          nextCommand(definition, options),
          paintFor(streams.stdout, streams.env),
        );
    streams.stdout.write(text);
    return plans.some(({ action }) => action === 'publish') ? EXIT_CHANGES : EXIT_DONE;
  } finally {
    place.close();
  }
}

/** The plan of each definition that a command is about. */
export async function plansOf(
  place: BillingPlace,
  definition: string | undefined,
  options: BillingOptions,
): Promise<BillingPlan[]> {
  const plans: BillingPlan[] = [];
  for (const name of definitionsOf(options, definition)) {
    const read = readBillingDefinition(options.billing, name);
    plans.push(await planBilling(place.books, read, filesOf(options, name)));
  }
  return plans;
}

/** A definition's two files as they are. */
export function filesOf({ billing }: BillingOptions, name: string): DefinitionFiles {
  const read = (file: string): string => readFileSync(join(billing, name, file), 'utf8');
  return { json: read('definition.json'), sql: read('definition.sql') };
}

function nextCommand(definition: string | undefined, { archive, env }: BillingOptions): string {
  const where = archive === undefined ? `--env ${env}` : `--archive ${archive}`;
  return ['spillway billing apply', ...(definition === undefined ? [] : [definition]), where].join(' ');
}
