import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { pipInstall } from './pip-install';

/** The newest of PyPI when this was written that knows FLINK-2_2. */
export const AWS_CLI_VERSION = '1.46.2';

const run = promisify(execFile);
const COMMAND_LIMIT_MS = 60_000;

/**
 * Runs AWS's command line with these arguments and variables, and nothing of the machine's own AWS configuration;
 * answers what it printed. Rejects with what it said when it fails.
 */
export type AwsCli = (
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
) => Promise<string>;

/** AWS's command line, of which nothing but this test has need: installed by pip into the work folder once. */
export async function awsCli(): Promise<AwsCli> {
  const folder = await pipInstall(`awscli==${AWS_CLI_VERSION}`, `aws-cli-${AWS_CLI_VERSION}`);
  return async (args, variables) => {
    const { stdout } = await run('python3', ['-m', 'awscli', ...args], {
      timeout: COMMAND_LIMIT_MS,
      env: {
        PATH: process.env['PATH'] ?? '',
        SPILLWAY_TEST_RUN: process.env['SPILLWAY_TEST_RUN'] ?? '',
        PYTHONPATH: folder,
        // Whoever runs this may have credentials and a Region of their own: they are not looked at.
        HOME: folder,
        AWS_PAGER: '',
        ...variables,
      },
    });
    return stdout;
  };
}
