import { Command, Option } from 'commander';
import {
  builtRunner,
  collect,
  examples,
  load,
  withCommonOptions,
  withPlaceOptions,
  work,
} from './cli/declaring';
import { declareBilling } from './cli/billing';
import { declareBacktest } from './cli/backtest';
import { declareOperations } from './cli/operations';
import { declareProject } from './cli/project';
import { suspensionCommands } from './cli/suspensions';
import type * as applyCommand from './commands/apply';
import type * as calibrateCommand from './commands/calibrate';
import type * as compareCommand from './commands/compare';
import type {
  ApplyCommandOptions,
  ApplyOptions,
  CalibrateOptions,
  CompareOptions,
  PlanCommandOptions,
  RedriveOptions,
  RollbackCommandOptions,
  ValidateOptions,
} from './commands/options';
import type * as planCommand from './commands/plan';
import type * as redriveCommand from './commands/redrive';
import type * as renderCommand from './commands/render';
import type * as rollbackCommand from './commands/rollback';
import type { Streams } from './commands/streams';
import type * as testCommand from './commands/test';
import type * as validateCommand from './commands/validate';

/** The command line's table of contents. `exit` hears the exit code of the command that was performed. */
export function commandLine(streams: Streams, exit: (code: number) => void): Command {
  const program = new Command('spillway')
    .description('Rolls Flink SQL applications out and shows how they are doing.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
    });

  withCommonOptions(program.command('validate'))
    .description('read and check the files of an application, or of all')
    .option('--plan', 'let Flink plan the SQL as well, which takes some seconds', false)
    .addOption(
      new Option('--format <format>', 'how problems are told')
        .choices(['text', 'github'])
        .default('text', 'text; github annotates a pull request'),
    )
    .option('--runner <file>', "the runner's JAR", builtRunner)
    .addHelpText(
      'after',
      examples('spillway validate', 'spillway validate throttle --plan', 'spillway validate --format github'),
    )
    .action(async (application: string | undefined, options: ValidateOptions) => {
      const { validate } = load<typeof validateCommand>('./commands/validate');
      exit(await validate(application, { ...options, workFolder: work }, streams));
    });

  program
    .command('test')
    .description('run the cases beside the SQL on a Flink of their own, and show what comes out differently')
    .argument('[application]', 'a folder of the definitions')
    .argument('[case]', 'a folder of its cases')
    .option('--json', 'one JSON document on stdout', false)
    .option('--update', 'make what comes out what the cases expect, after showing the difference', false)
    .option('--yes', 'with --update: do not ask', false)
    .option('--definitions <folder>', 'the folder with the applications', 'flink-sql')
    .option('--runner <file>', "the runner's JAR", builtRunner)
    .addHelpText(
      'after',
      examples(
        'spillway test',
        'spillway test throttle one-unit-over',
        'spillway test throttle --json',
        'spillway test throttle slow-burn --update',
      ),
    )
    .action(
      async (application: string | undefined, only: string | undefined, options: testCommand.TestOptions) => {
        const { test } = load<typeof testCommand>('./commands/test');
        exit(await test(application, only, { ...options, workFolder: work }, streams));
      },
    );

  withCommonOptions(program.command('render'))
    .description('print the SQL that would run, with its values in it')
    .option('--set <name=value>', 'a value for a parameter, over the environment’s; repeatable', collect)
    .option('--runner <file>', "the runner's JAR", builtRunner)
    .addHelpText('after', examples('spillway render throttle', 'spillway render throttle --set window=1m'))
    .action(async (application: string | undefined, options: ApplyOptions) => {
      const { render } = load<typeof renderCommand>('./commands/render');
      exit(await render(application, { ...options, workFolder: work }, streams));
    });

  withCommonOptions(program.command('plan'))
    .description('show what an apply would change, how bad it is, how it is brought in and what that costs')
    .option('--set <name=value>', 'a value for a parameter, over the environment’s; repeatable', collect)
    .option(
      '--rollout <kind>',
      'restart, replay, handover or settings, in place of the cheapest that misses nothing',
    )
    .option('--shadow', 'run the new release beside the live one, recorded and never acted on')
    .option('--max-pause <duration>', 'the longest time without an answer, such as 10s')
    .option('--accept-gap', 'miss what the usage stream no longer keeps')
    .option('--out <file>', 'write the plan, for `spillway apply FILE` to perform exactly it')
    .option('--runner <file>', "the runner's JAR", builtRunner)
    .addHelpText(
      'after',
      examples(
        'spillway plan throttle --env local',
        'spillway plan throttle --set window=5m --out window.json',
        'spillway plan throttle --set window=5m --rollout handover',
        'spillway plan throttle --shadow --set limit=30000',
        'spillway plan --json',
      ) + '\nExit codes: 0 nothing to do, 1 failed, 2 there are changes.\n',
    )
    .action(async (application: string | undefined, options: PlanCommandOptions) => {
      const { plan } = load<typeof planCommand>('./commands/plan');
      exit(await plan(application, { ...options, workFolder: work }, streams));
    });

  withRolloutOptions(
    withPlaceOptions(
      program
        .command('apply')
        .argument('[application|plan]', 'a folder of the definitions, or the file of a plan'),
    ),
  )
    .description('make an application run as its files say, and wait until it is healthy')
    .option('--set <name=value>', 'a value for a parameter, over the environment’s; repeatable', collect)
    .option('--take-back', 'undo a rollout that was interrupted, and do nothing else', false)
    .addHelpText(
      'after',
      examples(
        'spillway apply throttle --env local',
        'spillway apply throttle --env local --set limit=30000 --set window=1m',
        'spillway apply window.json --env local',
        'spillway apply throttle --rollout handover --yes',
        'spillway apply throttle --take-back',
        'spillway apply --json',
      ) + '\nExit codes: 0 done or nothing to do, 1 failed or taken back, 3 declined.\n',
    )
    .action(async (what: string | undefined, options: ApplyCommandOptions) => {
      const { apply } = load<typeof applyCommand>('./commands/apply');
      exit(await apply(what, { ...options, workFolder: work }, streams));
    });

  withRolloutOptions(withCommonOptions(program.command('rollback')))
    .description('go back to the release and the settings of an earlier generation')
    .option('--to <generation>', 'which one, as `spillway history` shows it (the one before)')
    .addHelpText(
      'after',
      examples(
        'spillway rollback throttle --env local',
        'spillway rollback throttle --to 4',
        'spillway rollback throttle --rollout handover --yes',
      ) + '\nExit codes: 0 done or nothing to do, 1 failed or taken back, 3 declined.\n',
    )
    .action(async (application: string | undefined, options: RollbackCommandOptions) => {
      const { rollback } = load<typeof rollbackCommand>('./commands/rollback');
      exit(await rollback(application, { ...options, workFolder: work }, streams));
    });

  withCommonOptions(program.command('compare'))
    .description('show who a shadow would find and who it would release, by what it and the live one said')
    .option('--since <duration>', 'how far back to compare; the excess stream keeps a day', '1h')
    .option('--lag <duration>', 'how old the newest excesses must be, so that both have said theirs', '30s')
    .addHelpText(
      'after',
      examples('spillway compare throttle --env local', 'spillway compare throttle --since 24h --json'),
    )
    .action(async (application: string | undefined, options: CompareOptions) => {
      const { compare } = load<typeof compareCommand>('./commands/compare');
      exit(await compare(application, options, streams));
    });

  declareBacktest(program, streams, exit);

  withPlaceOptions(program.command('calibrate'))
    .description('compare the estimated write units with those DynamoDB consumed, per table and index')
    .option('--table <name>', 'only this table and its indexes')
    .option('--since <duration>', 'how far back to compare', '1h')
    .option('--lag <duration>', 'how old the newest figures must be, so that both sides are complete', '2m')
    .addHelpText(
      'after',
      examples(
        'spillway calibrate --env local',
        'spillway calibrate --table users --since 24h',
        'spillway calibrate --since 6h --json',
      ),
    )
    .action(async (options: CalibrateOptions) => {
      const { calibrate } = load<typeof calibrateCommand>('./commands/calibrate');
      exit(await calibrate(options, streams));
    });

  withPlaceOptions(program.command('redrive'))
    .description('give batches that a function was given up for to that function again')
    .option('--bucket <name>', 'the on-failure destination (the environment’s failedBatchBucket)')
    .option('--function <name>', 'only batches of this function')
    .option('--limit <count>', 'the most batches of one run', '100')
    .option('--dry-run', 'show what would be done', false)
    .addHelpText(
      'after',
      examples(
        'spillway redrive --env local --dry-run',
        'spillway redrive --function estimator',
        'spillway redrive --limit 1000 --json',
      ),
    )
    .action(async (options: RedriveOptions) => {
      const { redrive } = load<typeof redriveCommand>('./commands/redrive');
      exit(await redrive(options, streams));
    });

  suspensionCommands(program, { streams, exit, load, withPlaceOptions, examples });
  declareBilling(program, streams, exit);
  declareOperations(program, streams, exit);
  declareProject(program, streams, exit);
  return program;
}

/** Options of commands that perform rollouts. */
function withRolloutOptions(command: Command): Command {
  return command
    .option(
      '--rollout <kind>',
      'restart, replay, handover or settings, in place of the cheapest that misses nothing',
    )
    .option('--shadow', 'run the new release beside the live one, recorded and never acted on')
    .option('--max-pause <duration>', 'the longest time without an answer, such as 10s')
    .option('--accept-gap', 'miss what the usage stream no longer keeps')
    .option('--yes', 'do not ask', false)
    .option('--lease <duration>', 'how long the lock outlives this command if it is killed', '60s')
    .option('--operation-limit <duration>', 'the longest one operation of the service may take', '10m')
    .option('--runner <file>', "the runner's JAR", builtRunner);
}
