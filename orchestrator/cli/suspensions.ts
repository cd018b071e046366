import type { Command } from 'commander';
import type * as breakerReset from '../commands/breaker/reset';
import type * as breakerStatus from '../commands/breaker/status';
import type * as exemptionsAdd from '../commands/exemptions/add';
import type * as exemptionsList from '../commands/exemptions/list';
import type * as exemptionsRemove from '../commands/exemptions/remove';
import type * as explainCommand from '../commands/explain';
import type { CommonOptions } from '../commands/options';
import type * as policyApply from '../commands/policy/apply';
import type * as policyShow from '../commands/policy/show';
import type * as proveCommand from '../commands/prove';
import type { Streams } from '../commands/streams';
import type * as suspensionsAdd from '../commands/suspensions/add';
import type * as suspensionsHistory from '../commands/suspensions/history';
import type * as suspensionsLift from '../commands/suspensions/lift';
import type * as suspensionsList from '../commands/suspensions/list';
import type * as suspensionsShow from '../commands/suspensions/show';
import type * as suspensionsWatch from '../commands/suspensions/watch';
import type { ReasonOptions } from '../commands/with-operator';

/** What the table of contents lends to its parts. */
export interface Contents {
  readonly streams: Streams;
  exit(code: number): void;
  /** Loads a command's file, named from the table of contents, when it is needed. */
  load<Commands>(file: string): Commands;
  withPlaceOptions(command: Command): Command;
  examples(...lines: string[]): string;
}

/** The commands about suspensions, exemptions, the breaker and the policy. */
export function suspensionCommands(program: Command, contents: Contents): void {
  addSuspensions(program, contents);
  addExemptions(program, contents);
  addBreakerAndPolicy(program, contents);
  addExplainAndProve(program, contents);
}

function withReason(command: Command): Command {
  return command.requiredOption('--reason <text>', 'why; recorded together with who you are');
}

function addSuspensions(program: Command, contents: Contents): void {
  const { streams, exit, load, withPlaceOptions, examples } = contents;
  const group = program.command('suspensions').description('who is suspended, and why');

  withPlaceOptions(group.command('list'))
    .description('show who is suspended, and how many subjects and requests an hour')
    .option('--application <name>', 'only for excesses of this application')
    .option('--detection <name>', 'only for excesses of this detection')
    .option('--resource <name>', 'only for this table or index')
    .option('--subject <prefix>', 'only subjects that begin so')
    .option('--simulated', 'those that would be, by detections that are simulated', false)
    .option('--limit <count>', 'the most to show', '100')
    .addHelpText(
      'after',
      examples('spillway suspensions list', 'spillway suspensions list --detection burst --json'),
    )
    .action(async (options: suspensionsList.ListOptions) => {
      const { list } = load<typeof suspensionsList>('./commands/suspensions/list');
      exit(await list(options, streams));
    });

  withPlaceOptions(group.command('show').argument('<subject>'))
    .description('show how one subject stands')
    .addHelpText(
      'after',
      examples('spillway suspensions show app_7', 'spillway suspensions show app_7 --json'),
    )
    .action(async (subject: string, options: CommonOptions) => {
      const { show } = load<typeof suspensionsShow>('./commands/suspensions/show');
      exit(await show(subject, options, streams));
    });

  withReason(withPlaceOptions(group.command('add').argument('<subject>')))
    .description('suspend a subject by hand')
    .requiredOption('--for <length>', 'how long: 90s, 10m, 12h, 3d')
    .option('--scope <scope>', 'what is refused: writes, everything, or route:NAME', 'writes')
    .addHelpText('after', examples('spillway suspensions add app_7 --for 10m --reason "import gone wild"'))
    .action(async (subject: string, options: suspensionsAdd.AddOptions) => {
      const { add } = load<typeof suspensionsAdd>('./commands/suspensions/add');
      exit(await add(subject, options, streams));
    });

  withReason(withPlaceOptions(group.command('lift').argument('<subject>')))
    .description('end a suspension now; what was written before does not suspend again')
    .addHelpText('after', examples('spillway suspensions lift app_7 --reason "they fixed it"'))
    .action(async (subject: string, options: ReasonOptions) => {
      const { lift } = load<typeof suspensionsLift>('./commands/suspensions/lift');
      exit(await lift(subject, options, streams));
    });

  withPlaceOptions(group.command('history').argument('[subject]'))
    .description('show what was decided, by whom and why, the newest first')
    .option('--since <length>', 'how far back: 90s, 10m, 12h, 30d', '24h')
    .option('--kind <kind>', 'only what was decided so: suspended, lifted, held, ended …')
    .option('--limit <count>', 'the most to show', '50')
    .addHelpText(
      'after',
      examples(
        'spillway suspensions history app_7 --since 7d',
        'spillway suspensions history --kind lifted --json',
      ),
    )
    .action(async (subject: string | undefined, options: suspensionsHistory.HistoryOptions) => {
      const { history } = load<typeof suspensionsHistory>('./commands/suspensions/history');
      exit(await history(subject, options, streams));
    });

  withPlaceOptions(group.command('watch').argument('[subject]'))
    .description('show each decision as it is made, until Ctrl-C; with --json one document a line')
    .option('--since <length>', 'begin so far back', '1m')
    .option('--for <length>', 'watch only so long')
    .option('--kind <kind>', 'only what is decided so: suspended, lifted, held, ended …')
    .addHelpText(
      'after',
      examples('spillway suspensions watch', 'spillway suspensions watch --kind suspended --json'),
    )
    .action(async (subject: string | undefined, options: suspensionsWatch.WatchOptions) => {
      const { watch } = load<typeof suspensionsWatch>('./commands/suspensions/watch');
      exit(await watch(subject, options, streams));
    });
}

function addExemptions(program: Command, contents: Contents): void {
  const { streams, exit, load, withPlaceOptions, examples } = contents;
  const group = program.command('exemptions').description('who is never suspended, until when, and why');

  withPlaceOptions(group.command('list'))
    .description('show who is exempt')
    .option('--subject <prefix>', 'only subjects that begin so')
    .addHelpText('after', examples('spillway exemptions list --subject app_'))
    .action(async (options: exemptionsList.ListOptions) => {
      const { list } = load<typeof exemptionsList>('./commands/exemptions/list');
      exit(await list(options, streams));
    });

  withReason(withPlaceOptions(group.command('add').argument('<subject>')))
    .description('never suspend a subject until a date; ends its suspension')
    .option('--for <length>', 'how long: 12h, 30d; at most 366d')
    .option('--until <date>', 'until that day begins in UTC, as YYYY-MM-DD')
    .addHelpText('after', examples('spillway exemptions add app_7 --for 7d --reason "migration, agreed"'))
    .action(async (subject: string, options: exemptionsAdd.AddOptions) => {
      const { add } = load<typeof exemptionsAdd>('./commands/exemptions/add');
      exit(await add(subject, options, streams));
    });

  withReason(withPlaceOptions(group.command('remove').argument('<subject>')))
    .description('end an exemption now; what was written while it lasted does not suspend')
    .addHelpText('after', examples('spillway exemptions remove app_7 --reason "the migration is done"'))
    .action(async (subject: string, options: ReasonOptions) => {
      const { remove } = load<typeof exemptionsRemove>('./commands/exemptions/remove');
      exit(await remove(subject, options, streams));
    });
}

function addBreakerAndPolicy(program: Command, contents: Contents): void {
  const { streams, exit, load, withPlaceOptions, examples } = contents;
  const breaker = program.command('breaker').description('stops all suspending when there is too much of it');

  withPlaceOptions(breaker.command('status'))
    .description('show whether it is open')
    .addHelpText('after', examples('spillway breaker status --json'))
    .action(async (options: CommonOptions) => {
      const { status } = load<typeof breakerStatus>('./commands/breaker/status');
      exit(await status(options, streams));
    });

  withReason(withPlaceOptions(breaker.command('reset')))
    .description('close it: excesses suspend again')
    .addHelpText('after', examples('spillway breaker reset --reason "the rule is mended"'))
    .action(async (options: ReasonOptions) => {
      const { reset } = load<typeof breakerReset>('./commands/breaker/reset');
      exit(await reset(options, streams));
    });

  const policy = program.command('policy').description('how long excesses suspend, and which do');

  withPlaceOptions(policy.command('show'))
    .description('print the policy in force, as a file to apply')
    .addHelpText('after', examples('spillway policy show > policy.json'))
    .action(async (options: CommonOptions) => {
      const { show } = load<typeof policyShow>('./commands/policy/show');
      exit(await show(options, streams));
    });

  withReason(withPlaceOptions(policy.command('apply').argument('<file>')))
    .description('check a policy file and put it in force')
    .addHelpText(
      'after',
      examples('spillway policy apply policy.json --reason "burst only watches for a week"'),
    )
    .action(async (file: string, options: ReasonOptions) => {
      const { apply } = load<typeof policyApply>('./commands/policy/apply');
      exit(await apply(file, options, streams));
    });
}

function addExplainAndProve(program: Command, contents: Contents): void {
  const { streams, exit, load, withPlaceOptions, examples } = contents;
  withPlaceOptions(program.command('explain').argument('<subject or key>'))
    .description(
      'show why a subject is or is not suspended: its units second by second, the limit, what was decided',
    )
    .option('--since <length>', 'how far back to read usage', '10m')
    .option('--resource <name>', 'only this table or index')
    .addHelpText('after', examples('spillway explain app_7', 'spillway explain S:app_7 --since 30m --json'))
    .action(async (subject: string, options: explainCommand.ExplainOptions) => {
      const { explain } = load<typeof explainCommand>('./commands/explain');
      exit(await explain(subject, options, streams));
    });

  withPlaceOptions(
    program.command('prove').argument('[application]', 'the application to go through', 'throttle'),
  )
    .description(
      'send a synthetic subject’s usage through the real system, and say where it stopped if it did',
    )
    .option('--units <count>', 'write units to report; twice the application’s limit unless given')
    .option('--timeout <length>', 'how long to wait for each step', '2m')
    .addHelpText('after', examples('spillway prove', 'spillway prove throttle --env production --json'))
    .action(async (application: string, options: proveCommand.ProveOptions) => {
      const { prove } = load<typeof proveCommand>('./commands/prove');
      exit(await prove(application, options, streams));
    });
}
