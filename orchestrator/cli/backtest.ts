import type { Command } from 'commander';
import type * as backtestCommands from '../commands/backtest';
import type { Streams } from '../commands/streams';
import { builtRunner, collect, examples, load, withCommonOptions, work } from './declaring';

/** `spillway backtest`. */
export function declareBacktest(program: Command, streams: Streams, exit: (code: number) => void): void {
  withCommonOptions(program.command('backtest'))
    .description('show who other parameters would have found and suspended, by the archive; changes nothing')
    .requiredOption(
      '--since <when>',
      'from when: a length back such as 7d, or 2026-10-01 or 2026-10-01T12:00:00Z',
    )
    .option('--until <when>', 'until when (now)')
    .option('--set <name=value>', 'a value that is tried; repeatable', collect)
    .option(
      '--against <name=value>',
      'a value of what it is compared with, over the environment’s; repeatable',
      collect,
    )
    .option('--sweep <range>', 'try a parameter through a range: limit=20000..60000:5000')
    .option('--archive <folder>', 'the archive: usage/day=…/hour=…/*.parquet', 'archive')
    .option('--detection <name>', 'only this detection (those that suspend); repeatable', collect)
    .option(
      '--policy <file>',
      'how long excesses suspend, as `spillway policy show` prints it (the built-in one)',
    )
    .option('--exempt <subject>', 'a subject that is never suspended; repeatable', collect)
    .option(
      '--exemptions <file>',
      'such subjects, as `spillway exemptions list --json` prints them or one a line',
    )
    .option(
      '--known-good <file>',
      'subjects that must not be suspended, one a line: only they count as hit wrongly',
    )
    .option('--late <file>', 'records of the set-aside stream: what came late is left out, as it was live')
    .option('--reaction <duration>', 'from an excess to the first refused request', '2s')
    .option('--html <file>', 'write a report with charts')
    .option('--excesses <file>', 'write every excess, one a line')
    .option('--runner <file>', "the runner's JAR", builtRunner)
    .addHelpText(
      'after',
      examples(
        'spillway backtest throttle --since 7d --set limit=30000',
        'spillway backtest throttle --since 2026-10-01 --until 2026-10-08 --sweep limit=20000..60000:5000 --html sweep.html',
        'spillway backtest throttle --since 24h --against limit=60000 --set window=5m --json',
      ),
    )
    .action(async (application: string | undefined, options: backtestCommands.BacktestOptions) => {
      const { backtestCommand } = load<typeof backtestCommands>('./commands/backtest');
      exit(await backtestCommand(application, { ...options, workFolder: work }, streams));
    });
}
