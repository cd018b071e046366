import { resolve } from 'node:path';
import type { Command } from 'commander';

/** Where set-up and local servers keep what they make. */
export const work = resolve(__dirname, '..', '..', '.spillway');

/** The runner's JAR that set-up builds. */
export const builtRunner = resolve(work, 'runner', 'spillway-runner.jar');

/** Options of commands that are about one application of a place. */
export function withCommonOptions(command: Command): Command {
  return withPlaceOptions(command.argument('[application]', 'a folder of the definitions'));
}

/** Options of commands that are about a place and not about one application. */
export function withPlaceOptions(command: Command): Command {
  return command
    .option('--env <name>', 'where it runs: an entry of environments.json', 'local')
    .option('--json', 'one JSON document on stdout', false)
    .option('--definitions <folder>', 'the folder with the applications', 'flink-sql')
    .option('--environments <file>', 'where applications run (environments.json of the definitions)')
    .option('--local-state <file>', 'what `npm run local` wrote about itself', resolve(work, 'local.json'));
}

/**
 * Loads a command's file, such as `./commands/apply`, when it is needed: `--help` answers without AWS's SDK.
 */
export function load<Commands>(file: string): Commands {
  return module.require(resolve(__dirname, '..', file)) as Commands;
}

/** For options that may be given several times. */
export function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}

export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
}
