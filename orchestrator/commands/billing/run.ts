import { lastPublished } from '../../billing/books/published';
import { countersOf } from '../../billing/counters';
import { inForce } from '../../billing/definition/in-force';
import {
  listBillingDefinitions,
  type BillingDefinition,
} from '../../billing/definition/read-billing-definition';
import { givenFromFile } from '../../billing/given-files';
import { periodOf, type Period } from '../../billing/period';
import { type BillingResult, runBilling } from '../../billing/run-billing';
import { bytesOf, bytesText, usdText } from '../../billing/scan-cost';
import type { GivenRelation } from '../../billing/sql/relations';
import { readPrices } from '../../cost/prices';
import { didYouMean } from '../../definition/did-you-mean';
import { billingRunJson, billingRunText } from '../../report/billing-run-report';
import { UserFault } from '../../user-fault';
import { EXIT_DONE, type Streams } from '../streams';
import { type BillingOptions, type BillingPlace, openBilling } from './open-billing';

export interface RunBillingOptions extends BillingOptions {
  period: string;
  /** The most that a run may read, such as `100GB`. */
  maxBytes: string;
  /** Files with what is read besides usage. */
  counters?: string;
  suspensions?: string;
  /** The most rows to print. */
  limit: string;
}

/** `spillway billing run [definition] --period 2026-10`: rates a month by what is published, and keeps the result. */
export async function run(
  definition: string | undefined,
  options: RunBillingOptions,
  streams: Streams,
): Promise<number> {
  const period = periodOf(options.period);
  const mostBytes = bytesOf('--max-bytes', options.maxBytes);
  const place = await openBilling(options, streams);
  const results: BillingResult[] = [];
  try {
    const definitions = await publishedDefinitions(place, definition, options);
    const engine = await place.engine();
    try {
      for (const one of definitions) {
        results.push(
          await runBilling(engine, place.books, {
            definition: one,
            period,
            given: await givenFor(one, period, options, place),
            now: new Date(),
            who: place.who,
            mostBytes,
            prices: readPrices(),
            announce: ({ bytes, usd }, objects) => {
              const cost =
                engine.name === 'athena'
                  ? `at most ${usdText(usd)} each time they are read`
                  : `read here, free; on Athena at most ${usdText(usd)} each time they are read`;
              streams.stderr.write(`${one.name}: ${objects} objects, ${bytesText(bytes)}: ${cost}\n`);
            },
          }),
        );
      }
    } finally {
      engine.close();
    }
  } finally {
    place.close();
  }
  streams.stdout.write(
    options.json
      ? `${JSON.stringify(billingRunJson(results))}\n`
      : results.map((result) => billingRunText(result, Number(options.limit))).join('\n'),
  );
  return EXIT_DONE;
}

async function publishedDefinitions(
  { books, title }: BillingPlace,
  definition: string | undefined,
  options: RunBillingOptions,
): Promise<BillingDefinition[]> {
  const known = listBillingDefinitions(options.billing);
  const found: BillingDefinition[] = [];
  for (const name of definition === undefined ? known : [definition]) {
    const published = await lastPublished(books, name);
    if (published !== undefined) {
      // Without a name, what needs a file that was not given is left out.
      const canRun =
        definition !== undefined ||
        published.definition.reads.every((one) => one === 'entries' || options[one] !== undefined);
      if (canRun) found.push(published.definition);
    } else if (definition !== undefined) {
      throw new UserFault(
        known.includes(name)
          ? `${name} is not published in ${title}: \`spillway billing apply ${name}\` does that; runs use what is published, not the files`
          : `there is no billing definition "${name}"${didYouMean(name, known)}; there are ${known.join(', ')}`,
      );
    }
  }
  if (found.length === 0) {
    throw new UserFault(
      `nothing is published in ${title} that could run: \`spillway billing apply\` publishes the definitions`,
    );
  }
  return found;
}

/** What a definition reads besides usage: from the files, the counters else from CloudWatch. */
async function givenFor(
  definition: BillingDefinition,
  period: Period,
  options: RunBillingOptions,
  place: BillingPlace,
): Promise<GivenRelation[]> {
  const given: GivenRelation[] = [];
  for (const name of inForce(definition, period).reads) {
    if (name === 'entries') continue;
    const file = options[name];
    if (file !== undefined) given.push(givenFromFile(name, file));
    else if (name === 'counters' && place.metrics !== undefined) {
      const metrics = place.metrics();
      try {
        given.push(await countersOf(metrics, period));
      } finally {
        metrics.close();
      }
    } else
      throw new UserFault(
        `${definition.name} reads ${name}: give them with --${name} FILE, a JSON object a line`,
      );
  }
  return given;
}
