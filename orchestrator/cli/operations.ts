import type { Command } from 'commander';
import type * as destroyCommand from '../commands/destroy';
import type * as historyCommand from '../commands/history';
import type * as logsCommand from '../commands/logs';
import type * as scaleCommand from '../commands/scale';
import type * as snapshotsCommand from '../commands/snapshots';
import type * as startCommand from '../commands/start';
import type * as statusCommand from '../commands/status';
import type * as stopCommand from '../commands/stop';
import type { Streams } from '../commands/streams';
import { examples, load, withCommonOptions, withPlaceOptions } from './declaring';

/** Declares the commands that look after what runs: status, history, logs, snapshots, stop, start, scale, destroy. */
export function declareOperations(program: Command, streams: Streams, exit: (code: number) => void): void {
  withCommonOptions(program.command('status'))
    .description(
      'show what runs, which release, how it is doing, who changes it, and by the hour whom suspensions hit and what they prevented',
    )
    .option('--watch', 'look again and again, until Ctrl-C', false)
    .option('--for <duration>', 'with --watch: end after so long')
    .addHelpText(
      'after',
      examples(
        'spillway status',
        'spillway status throttle --env local --json',
        'spillway status throttle --watch --for 30s',
      ),
    )
    .action(async (application: string | undefined, options: statusCommand.StatusOptions) => {
      const { status } = load<typeof statusCommand>('./commands/status');
      exit(await status(application, options, streams));
    });

  withCommonOptions(program.command('history'))
    .description('show who changed what and when, and what the service did')
    .option('--limit <count>', 'the most lines', '20')
    .addHelpText(
      'after',
      examples('spillway history', 'spillway history throttle --env production --limit 50 --json'),
    )
    .action(async (application: string | undefined, options: historyCommand.HistoryOptions) => {
      const { history } = load<typeof historyCommand>('./commands/history');
      exit(await history(application, options, streams));
    });

  withCommonOptions(program.command('logs'))
    .description("show what failed: the service's operations, Flink's exceptions, and the application's log")
    .option('--since <duration>', 'how far back', '1h')
    .option('--limit <count>', 'the most lines of the log', '200')
    .option('--stack-traces', 'show exceptions with all of their frames', false)
    .addHelpText(
      'after',
      examples(
        'spillway logs throttle',
        'spillway logs throttle --since 24h --stack-traces',
        'spillway logs --json',
      ),
    )
    .action(async (application: string | undefined, options: logsCommand.LogsOptions) => {
      const { logs } = load<typeof logsCommand>('./commands/logs');
      exit(await logs(application, options, streams));
    });

  declareSnapshots(program, streams, exit);

  withCommonOptions(program.command('stop'))
    .description('stop what runs, with a snapshot')
    .option(
      '--force',
      'without a snapshot, and also what is stuck; its state since the last one is lost',
      false,
    )
    .addHelpText(
      'after',
      examples('spillway stop throttle', 'spillway stop throttle --env production --force'),
    )
    .action(async (application: string | undefined, options: stopCommand.StopOptions) => {
      const { stop } = load<typeof stopCommand>('./commands/stop');
      exit(await stop(application, options, streams));
    });

  withCommonOptions(program.command('start'))
    .description('start what is stopped from its latest snapshot, and wait until it is healthy')
    .option('--from <snapshot>', 'latest, none, or a snapshot of the same version', 'latest')
    .addHelpText('after', examples('spillway start throttle', 'spillway start throttle --from none'))
    .action(async (application: string | undefined, options: startCommand.StartOptions) => {
      const { start } = load<typeof startCommand>('./commands/start');
      exit(await start(application, options, streams));
    });

  withCommonOptions(program.command('scale'))
    .description('run with more or fewer tasks: a restart that carries the state')
    .requiredOption('--parallelism <count>', 'tasks side by side, 1 to 128')
    .option('--per-kpu <count>', 'tasks that share one KPU, 1 to 8')
    .addHelpText(
      'after',
      examples(
        'spillway scale throttle --parallelism 4',
        'spillway scale throttle --parallelism 8 --per-kpu 2',
      ),
    )
    .action(async (application: string | undefined, options: scaleCommand.ScaleOptions) => {
      const { scale } = load<typeof scaleCommand>('./commands/scale');
      exit(await scale(application, options, streams));
    });

  withCommonOptions(program.command('destroy'))
    .description('delete an application and its snapshots from the service; its files and data stay')
    .option('--confirm <name>', "the application's name once more, for scripts")
    .addHelpText(
      'after',
      examples(
        'spillway destroy throttle --env staging',
        'spillway destroy throttle --env staging --confirm throttle',
      ),
    )
    .action(async (application: string | undefined, options: destroyCommand.DestroyOptions) => {
      const { destroy } = load<typeof destroyCommand>('./commands/destroy');
      exit(await destroy(application, options, streams));
    });
}

function declareSnapshots(program: Command, streams: Streams, exit: (code: number) => void): void {
  const snapshots = program
    .command('snapshots')
    .description('list, take and delete saved states of an application')
    .addHelpText(
      'after',
      examples(
        'spillway snapshots list throttle',
        'spillway snapshots create throttle --name before-the-sale',
        'spillway snapshots delete throttle before-the-sale',
      ),
    );
  const commands = (): typeof snapshotsCommand => load<typeof snapshotsCommand>('./commands/snapshots');

  withCommonOptions(snapshots.command('list'))
    .description('the saved states, the latest first')
    .addHelpText('after', examples('spillway snapshots list throttle --json'))
    .action(async (application: string | undefined, options: snapshotsCommand.SnapshotOptions) => {
      exit(await commands().listSnapshots(application, options, streams));
    });

  withCommonOptions(snapshots.command('create'))
    .description('save the state of what runs')
    .option('--name <name>', 'what it is called; made of the moment unless given')
    .addHelpText('after', examples('spillway snapshots create throttle --name before-the-sale'))
    .action(async (application: string | undefined, options: snapshotsCommand.SnapshotOptions) => {
      exit(await commands().createSnapshot(application, options, streams));
    });

  withPlaceOptions(snapshots.command('delete'))
    .description('delete one of them')
    .argument('<application>', 'a folder of the definitions')
    .argument('<snapshot>', 'its name, as listed')
    .option('--force', 'also the one that a stopped application would go on from', false)
    .addHelpText('after', examples('spillway snapshots delete throttle before-the-sale'))
    .action(async (application: string, snapshot: string, options: snapshotsCommand.SnapshotOptions) => {
      exit(await commands().deleteSnapshot(application, snapshot, options, streams));
    });
}
