import { publish } from '../../billing/books/published';
import {
  type BillingDefinition,
  readBillingDefinition,
} from '../../billing/definition/read-billing-definition';
import { prepareStatement } from '../../billing/prepared-statement';
import { billingPlanText } from '../../report/billing-plan-report';
import { paintFor } from '../../report/paint';
import { confirm } from '../confirm';
import { EXIT_DECLINED, EXIT_DONE, type Streams } from '../streams';
import { type BillingOptions, type BillingPlace, openBilling } from './open-billing';
import { filesOf, plansOf } from './plan';

export interface ApplyBillingOptions extends BillingOptions {
  yes: boolean;
}

/** `spillway billing apply [definition]`: publishes the files as the next version. What was published before stays. */
export async function apply(
  definition: string | undefined,
  options: ApplyBillingOptions,
  streams: Streams,
): Promise<number> {
  const place = await openBilling(options, streams);
  try {
    const plans = (await plansOf(place, definition, options)).filter(({ action }) => action === 'publish');
    const published = plans.map(({ definition: name, next }) => ({ definition: name, version: next }));
    if (plans.length > 0 && !options.yes) {
      const shown = billingPlanText(plans, place.title, '', paintFor(streams.stderr, streams.env));
      streams.stderr.write(shown.slice(0, shown.lastIndexOf('\nNext:')) + '\n');
      if (!(await confirm('Publish this?', streams))) return EXIT_DECLINED;
    }
    for (const { definition: name, next } of plans) {
      await publish(place.books, name, filesOf(options, name), {
        version: next,
        at: new Date(),
        who: place.who,
      });
      const statement = await statementOf(place, readBillingDefinition(options.billing, name), next);
      if (statement !== undefined) streams.stderr.write(`${name}: in Athena it is ${statement}\n`);
    }
    const document = { schemaVersion: 1, command: 'billing apply', place: place.title, published };
    const lines = published.map(
      ({ definition: name, version }) => `${name}: version ${version} is published\n`,
    );
    streams.stdout.write(
      options.json
        ? `${JSON.stringify(document)}\n`
        : lines.length === 0
          ? 'Nothing to do: what is published is what the files say\n'
          : lines.join(''),
    );
    return EXIT_DONE;
  } finally {
    place.close();
  }
}

/** Where there is Athena, publishes the version there too. */
async function statementOf(
  place: BillingPlace,
  definition: BillingDefinition,
  version: number,
): Promise<string | undefined> {
  const athena = place.athena?.();
  if (athena === undefined) return undefined;
  try {
    return await prepareStatement(athena, definition, version);
  } finally {
    athena.close();
  }
}
