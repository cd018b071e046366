import { CommanderError } from 'commander';
import { commandLine } from './cli';
import { EXIT_DONE, EXIT_FAILED, type Streams } from './commands/streams';
import { messageOf, UserFault } from './user-fault';

/**
 * Performs one command line, without the program's name. Answers the exit code: 0 done or nothing to do,
 * 1 failed, 2 `plan` found changes, 3 a person declined. Never throws and never ends the process, so that a test can call it.
 */
export async function main(args: readonly string[], streams: Streams): Promise<number> {
  let exitCode = EXIT_DONE;
  const program = commandLine(streams, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    // Commander has written its own message.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT_DONE : EXIT_FAILED;
    const text =
      thrown instanceof UserFault
        ? thrown.message
        : `this is a fault of spillway itself: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown)}`;
    streams.stderr.write(`spillway: ${text}\n`);
    return EXIT_FAILED;
  }
}

if (require.main === module) {
  void main(process.argv.slice(2), process).then((exitCode) => {
    process.exitCode = exitCode;
  });
}
