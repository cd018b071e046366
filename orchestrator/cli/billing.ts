import { type Command, Option } from 'commander';
import type * as applyBilling from '../commands/billing/apply';
import type * as diffBilling from '../commands/billing/diff';
import type * as exportBilling from '../commands/billing/export';
import type { BillingOptions } from '../commands/billing/open-billing';
import type * as planBilling from '../commands/billing/plan';
import type * as runBilling from '../commands/billing/run';
import type * as testBilling from '../commands/billing/test';
import type * as validateBilling from '../commands/billing/validate';
import type { Streams } from '../commands/streams';
import { examples, load, withPlaceOptions, work } from './declaring';

/** The commands about billing definitions and what they came to. */
export function declareBilling(program: Command, streams: Streams, exit: (code: number) => void): void {
  const group = program
    .command('billing')
    .description('what usage costs, by SQL definitions over the archive');
  declareDefinitions(group, streams, exit);
  declareRuns(group, streams, exit);
}

function declareDefinitions(group: Command, streams: Streams, exit: (code: number) => void): void {
  withFiles(group.command('validate'))
    .description('read and check the files of a billing definition, or of all')
    .option('--plan', 'let Trino plan the SQL as well, which takes some seconds', false)
    .addOption(
      new Option('--format <format>', 'how problems are told')
        .choices(['text', 'github'])
        .default('text', 'text; github annotates a pull request'),
    )
    .addHelpText(
      'after',
      examples('spillway billing validate', 'spillway billing validate tiered-charge --plan'),
    )
    .action(
      async (definition: string | undefined, options: Given<validateBilling.ValidateBillingOptions>) => {
        const { validate } = load<typeof validateBilling>('./commands/billing/validate');
        exit(await validate(definition, { ...options, workFolder: work }, streams));
      },
    );

  withFiles(group.command('test'))
    .argument('[case]', 'a folder of its cases')
    .description('run the cases beside the SQL, and show what comes out differently')
    .addOption(
      new Option(
        '--engine <engine>',
        'what answers the SQL: trino is Athena’s engine, duckdb the one of local runs',
      )
        .choices(['duckdb', 'trino', 'both'])
        .default('duckdb'),
    )
    .option('--update', 'make what comes out what the cases expect, after showing the difference', false)
    .option('--yes', 'with --update: do not ask', false)
    .addHelpText(
      'after',
      examples(
        'spillway billing test',
        'spillway billing test tiered-charge across-the-tiers --engine both',
        'spillway billing test --json',
      ),
    )
    .action(
      async (
        definition: string | undefined,
        only: string | undefined,
        options: Given<testBilling.TestBillingOptions>,
      ) => {
        const { test } = load<typeof testBilling>('./commands/billing/test');
        exit(await test(definition, only, { ...options, workFolder: work }, streams));
      },
    );

  withArchive(withFiles(group.command('plan')))
    .description('show what publishing the files would change, and which closed months it concerns')
    .addHelpText(
      'after',
      examples(
        'spillway billing plan --env local',
        'spillway billing plan tiered-charge --archive ./archive',
      ) + '\nExit codes: 0 nothing to do, 1 failed, 2 there are changes.\n',
    )
    .action(async (definition: string | undefined, options: Given<BillingOptions>) => {
      const { plan } = load<typeof planBilling>('./commands/billing/plan');
      exit(await plan(definition, { ...options, workFolder: work }, streams));
    });

  withArchive(withFiles(group.command('apply')))
    .description('publish the files as the next version; what was published before stays')
    .option('--yes', 'do not ask', false)
    .addHelpText(
      'after',
      examples('spillway billing apply --env local', 'spillway billing apply tiered-charge --yes') +
        '\nExit codes: 0 done or nothing to do, 1 failed, 3 declined.\n',
    )
    .action(async (definition: string | undefined, options: Given<applyBilling.ApplyBillingOptions>) => {
      const { apply } = load<typeof applyBilling>('./commands/billing/apply');
      exit(await apply(definition, { ...options, workFolder: work }, streams));
    });
}

function declareRuns(group: Command, streams: Streams, exit: (code: number) => void): void {
  withPeriod(withArchive(withFiles(group.command('run'))))
    .description(
      'rate a month by what is published; its first result is its invoice, others are kept beside it',
    )
    .option('--max-bytes <size>', 'read no more than that', '100GB')
    .option(
      '--counters <file>',
      'what the estimator counted, in place of CloudWatch: {"resource", "units"} a line',
    )
    .option(
      '--suspensions <file>',
      'suspensions of the month: {"subject", "since_second", "until_second", "refused_requests"} a line',
    )
    .addHelpText(
      'after',
      examples(
        'spillway billing run --period 2026-10',
        'spillway billing run tiered-charge --period 2026-10 --max-bytes 20GB --json',
        'spillway billing run suspension-savings --period 2026-10 --suspensions october.jsonl',
      ),
    )
    .action(async (definition: string | undefined, options: Given<runBilling.RunBillingOptions>) => {
      const { run } = load<typeof runBilling>('./commands/billing/run');
      exit(await run(definition, { ...options, workFolder: work }, streams));
    });

  withPeriod(withArchive(withPlaceAndFiles(group.command('diff').argument('<definition>'))))
    .argument('[from]', 'a run, or how it begins (the invoice)')
    .argument('[to]', 'another run (the last one made)')
    .description('show what differs between two runs of a month, by row')
    .addHelpText(
      'after',
      examples(
        'spillway billing diff tiered-charge --period 2026-10',
        'spillway billing diff tiered-charge 3f2a 9c41 --period 2026-10 --json',
      ),
    )
    .action(
      async (
        definition: string,
        from: string | undefined,
        to: string | undefined,
        options: Given<diffBilling.DiffBillingOptions>,
      ) => {
        const { diff } = load<typeof diffBilling>('./commands/billing/diff');
        exit(await diff(definition, [from, to], { ...options, workFolder: work }, streams));
      },
    );

  withPeriod(withArchive(withPlaceAndFiles(group.command('export').argument('<definition>'))))
    .description('give all rows of a kept run, the same bytes each time')
    .addOption(new Option('--format <format>', 'of the rows').choices(['csv', 'json']).default('csv'))
    .option('--run <run>', 'another run than the month’s invoice, or how it begins')
    .option('--out <file>', 'write them there')
    .addHelpText(
      'after',
      examples(
        'spillway billing export tiered-charge --period 2026-10 --out october.csv',
        'spillway billing export tiered-charge --period 2026-10 --format json --run 9c41',
      ),
    )
    .action(async (definition: string, options: Given<exportBilling.ExportBillingOptions>) => {
      const { exportRun } = load<typeof exportBilling>('./commands/billing/export');
      exit(await exportRun(definition, { ...options, workFolder: work }, streams));
    });
}

/** What commander hands over. */
type Given<Options extends BillingOptions> = Omit<Options, 'workFolder'>;

function withFiles(command: Command): Command {
  return withPlaceAndFiles(command.argument('[definition]', 'a folder of the billing definitions'));
}

function withPlaceAndFiles(command: Command): Command {
  return withPlaceOptions(command).option(
    '--billing <folder>',
    'the folder with the billing definitions',
    'athena-sql',
  );
}

function withArchive(command: Command): Command {
  return command.option(
    '--archive <folder>',
    'a folder laid out as the archive is, in place of the environment’s',
  );
}

function withPeriod(command: Command): Command {
  return command
    .requiredOption('--period <month>', 'a month in UTC, such as 2026-10')
    .option('--limit <count>', 'the most rows to show', '20');
}
