import { delimiter, join } from 'node:path';
import { startOnPort } from '../processes/ports';
import { answersHttp } from '../processes/readiness';
import type { Run } from '../processes/run';
import { workFolder } from '../processes/work-folder';
import type { LocalServer, PortOptions } from './local-server';

/**
 * Starts a DynamoDB Local with streams, in memory. `id` names it within the run: a second streamed table in one process
 * makes both very slow, so a system starts one for each.
 */
export async function startDynamoDb(
  run: Run,
  id = 'dynamodb',
  options: PortOptions = {},
): Promise<LocalServer> {
  const folder = join(workFolder, 'dynamodb-local');
  const name = id === 'dynamodb' ? 'DynamoDB' : `DynamoDB (${id})`;
  return startOnPort(name, options.port, async (port) => {
    const endpoint = `http://127.0.0.1:${port}`;
    const process_ = await run.start({
      name,
      id,
      command: 'java',
      args: [
        '-Xmx384m',
        '-XX:+UseSerialGC',
        // Otherwise every JVM leaves a file in the system's folder for temporary files.
        '-XX:-UsePerfData',
        `-Djava.io.tmpdir=${run.temporaryFolder}`,
        `-Djava.library.path=${folder}`,
        '-cp',
        [join(folder, 'classes'), join(folder, '*')].join(delimiter),
        'LoopbackDynamoDb',
        '-inMemory',
        '-sharedDb',
        '-disableTelemetry',
        '-port',
        String(port),
      ],
      isReady: () => answersHttp(endpoint),
      readyWithinMs: 120_000,
    });
    return { endpoint, stop: () => process_.stop() };
  });
}
