import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot, workFolder } from '../../infra/local/processes/work-folder';
import { warmSystem } from '../parts/warm-system';

/**
 * The Java modules' own tests, run by Maven. `npm test` runs what needs no server and the throttle SQL against its
 * oracle; `npm run test:full` adds the connector on a real Kinesis server.
 */
const groups = [
  { name: 'what needs no server, and throttle against its oracle', options: [] },
  ...(process.env['SPILLWAY_FULL'] === '1'
    ? [
        {
          name: 'the connector on a real Flink and a real Kinesis server',
          options: ['-pl', 'kinesis-connector', '-Dgroups=kinesis', '-DexcludedGroups='],
        },
      ]
    : []),
];

it.each(groups)(
  '$name',
  ({ options }) => {
    const maven = spawnSync(
      'mvn',
      [
        '-q',
        '-B',
        '-f',
        join(repositoryRoot, 'flink-sql'),
        `-Dmaven.repo.local=${join(workFolder, 'm2')}`,
        ...options,
        'test',
      ],
      {
        encoding: 'utf8',
        timeout: 540_000,
        env: { ...process.env, ...warmSystem().environment, TMPDIR: warmSystem().runFolder },
      },
    );
    // Maven's output is the explanation; it is only looked at when it ended with a failure.
    if (maven.status !== 0)
      throw new Error(`mvn ended with ${maven.status ?? maven.signal}:\n${maven.stdout}${maven.stderr}`);
  },
  600_000,
);
