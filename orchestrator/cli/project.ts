import type { Command } from 'commander';
import type * as costCommand from '../commands/cost';
import type * as doctorCommand from '../commands/doctor';
import type * as initCommand from '../commands/init';
import type { Streams } from '../commands/streams';
import { examples, load, withCommonOptions, work } from './declaring';

/** Declares the commands that are about files and places and change nothing that runs: init, doctor, cost. */
export function declareProject(program: Command, streams: Streams, exit: (code: number) => void): void {
  declareInit(program, streams, exit);

  withCommonOptions(program.command('doctor'))
    .description('check permissions, streams, quotas, clocks and versions, and say what could not be checked')
    .addHelpText('after', examples('spillway doctor', 'spillway doctor throttle --env production --json'))
    .action(async (application: string | undefined, options: doctorCommand.DoctorOptions) => {
      const { doctor } = load<typeof doctorCommand>('./commands/doctor');
      exit(await doctor(application, { ...options, workFolder: work }, streams));
    });

  program
    .command('cost')
    .description('what a month costs by dated list prices, beside a naive design, and what changes it')
    .argument('[application]', 'a folder of the definitions; all of them unless given')
    .requiredOption('--updates-per-day <count>', 'changes of the protected tables, such as 1e9')
    .option('--peak-factor <count>', 'the busiest minutes as a multiple of the mean', '3')
    .option('--stream-shards <count>', "shards of the tables' streams (from the peak)")
    .option('--batch-window <seconds>', 'how long the estimator waits for a batch to fill', '1')
    .option('--batch-size <count>', 'the most changes that the estimator gets at once', '1000')
    .option('--keys-per-second <count>', 'different subjects and keys in a second of one batch', '50')
    .option('--resources <count>', 'resources that a change costs: the table, and indexes it touches', '1')
    .option('--shards <count>', 'shards of the usage stream (from the peak)')
    .option('--guards <count>', 'processes of the API with a guard', '20')
    .option('--excesses-per-day <count>', 'excesses that somebody acts on', '1000')
    .option('--zones <count>', 'zones of the VPC', '2')
    .option('--no-archive', 'without usage kept in S3')
    .option('--definitions <folder>', 'the folder with the applications', 'flink-sql')
    .option('--json', 'one JSON document on stdout', false)
    .addHelpText(
      'after',
      examples(
        'spillway cost --updates-per-day 1e9',
        'spillway cost throttle --updates-per-day 10000000 --batch-window 3 --json',
      ),
    )
    .action((application: string | undefined, options: costCommand.CostOptions) => {
      const { cost } = load<typeof costCommand>('./commands/cost');
      exit(cost(application, options, streams));
    });
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
