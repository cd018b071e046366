import type { Command } from 'commander';
import type * as initCommand from '../commands/init';
import type { Streams } from '../commands/streams';
import { examples, load } from './declaring';

/** Declares the commands that are about files and places and change nothing that runs: init, doctor, cost. */
export function declareProject(program: Command, streams: Streams, exit: (code: number) => void): void {
  declareInit(program, streams, exit);
}

function declareInit(program: Command, streams: Streams, exit: (code: number) => void): void {
  const init = program
    .command('init')
    .description('make a new application or environment, from questions or options')
    .addHelpText(
      'after',
      examples(
        'spillway init application',
        'spillway init environment production --region eu-central-1 --account 111122223333 --outputs ../cdk-outputs.json',
      ),
    );
  const commands = (): typeof initCommand => load<typeof initCommand>('./commands/init');

  init
    .command('application')
    .description('a small application that validates, with a detection and cases')
    .argument('[name]', 'what it is called')
    .option('--detection <name>', 'what its detection is called (heat)')
    .option('--window <duration>', 'how long a window is (2m)')
    .option('--limit <units>', 'write units that a window may hold (60000)')
    .option('--definitions <folder>', 'the folder with the applications', 'flink-sql')
    .option('--json', 'one JSON document on stdout', false)
    .addHelpText(
      'after',
      examples(
        'spillway init application',
        'spillway init application night-watch --window 5m --limit 150000',
      ),
    )
    .action(async (name: string | undefined, options: initCommand.InitApplicationOptions) => {
      exit(await commands().initApplication(name, options, streams));
    });

  init
    .command('environment')
    .description('an entry of environments.json')
    .argument('[name]', 'what it is called')
    .option('--region <region>', 'such as eu-central-1')
    .option('--account <id>', 'its twelve digits')
    .option(
      '--outputs <file>',
      'what `cdk deploy --outputs-file` wrote, from the folder of environments.json',
    )
    .option('--code-bucket <name>', 'in place of the outputs: the bucket that takes releases')
    .option('--control-table <name>', 'in place of the outputs: the table with lock and history')
    .option('--usage-stream <name>', 'in place of the outputs')
    .option('--excess-stream <name>', 'in place of the outputs')
    .option('--set-aside-stream <name>', 'in place of the outputs')
    .option('--definitions <folder>', 'the folder with the applications', 'flink-sql')
    .option('--environments <file>', 'where applications run (environments.json of the definitions)')
    .option('--json', 'one JSON document on stdout', false)
    .addHelpText(
      'after',
      examples(
        'spillway init environment',
        'spillway init environment production --region eu-central-1 --account 111122223333 --outputs ../cdk-outputs.json',
      ),
    )
    .action(async (name: string | undefined, options: initCommand.InitEnvironmentOptions) => {
      exit(await commands().initEnvironment(name, options, streams));
    });
}
