import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, startOnPort } from '../processes/ports';
import type { Run } from '../processes/run';
import { workFolder } from '../processes/work-folder';
import {
  type FlinkChoices,
  flinkConfiguration,
  log4jConfiguration,
  taskManagerMemory,
} from './flink-configuration';
import { javaModuleOptions } from './java-modules';
import type { PortOptions } from './local-server';

export interface FlinkOptions extends FlinkChoices, PortOptions {
  /** What the applications' AWS clients read: AWS_REGION, AWS_ENDPOINT_URL_KINESIS and so on. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface FlinkCluster {
  /** Flink's REST API, `http://127.0.0.1:<port>`. */
  readonly restUrl: string;
  stop(): Promise<void>;
}

const PACKAGE = 'org.apache.flink.runtime';

/** Starts a Flink session cluster of a JobManager and a TaskManager; ready when its task slots are offered. */
export async function startFlink(run: Run, options: FlinkOptions): Promise<FlinkCluster> {
  return startOnPort('Flink', options.port, async (port) => {
    const folder = run.folderOf('flink');
    for (const name of ['conf', 'tmp', 'uploads', 'blobs', 'checkpoints', 'savepoints']) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    const ports = { rest: port, rpc: await freePort() };
    const log4j = join(folder, 'conf', 'log4j.properties');
    writeFileSync(join(folder, 'conf', 'config.yaml'), flinkConfiguration(folder, ports, options));
    writeFileSync(log4j, log4jConfiguration);

    const restUrl = `http://127.0.0.1:${port}`;
    const memory = taskManagerMemory(options);
    const jvm = (id: string, more: string[], mainClass: string) => ({
      id,
      command: 'java',
      args: [
        ...more,
        '-XX:+UseSerialGC',
        '-XX:-UsePerfData',
        ...javaModuleOptions,
        '-Daws.cborEnabled=false',
        `-Dlog4j.configurationFile=${log4j}`,
        `-Dlog.file=${join(run.folder, 'logs', `${id}.log`)}`,
        `-Djava.io.tmpdir=${run.temporaryFolder}`,
        '-cp',
        join(workFolder, 'flink', 'lib', '*'),
        mainClass,
        '--configDir',
        join(folder, 'conf'),
      ],
      env: options.environment,
      readyWithinMs: 180_000,
    });
    // Both at once: the TaskManager looks for the JobManager until it is there.
    const started = await Promise.allSettled([
      run.start({
        name: 'Flink JobManager',
        // A job is planned in this process, once: compiling little and early is faster than compiling well.
        ...jvm(
          'flink-jobmanager',
          ['-Xmx512m', '-XX:TieredStopAtLevel=1'],
          `${PACKAGE}.entrypoint.StandaloneSessionClusterEntrypoint`,
        ),
        isReady: async () => (await overview(restUrl)) !== undefined,
      }),
      run.start({
        name: 'Flink TaskManager',
        ...jvm(
          'flink-taskmanager',
          [
            `-Xmx${memory.heapMb}m`,
            `-XX:MaxDirectMemorySize=${memory.directMb}m`,
            `-XX:MaxMetaspaceSize=${memory.metaspaceMb}m`,
          ],
          `${PACKAGE}.taskexecutor.TaskManagerRunner`,
        ),
        isReady: async () => ((await overview(restUrl))?.['slots-total'] ?? 0) > 0,
      }),
    ]);
    const processes = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const stop = async (): Promise<void> => {
      await Promise.all(processes.map((process) => process.stop()));
    };
    const failed = started.find((result) => result.status === 'rejected');
    if (failed !== undefined) {
      await stop();
      throw failed.reason;
    }
    return { restUrl, stop };
  });
}

/** Flink's own summary of the cluster; undefined while its REST API answers with an error. */
async function overview(restUrl: string): Promise<{ 'slots-total': number } | undefined> {
  const response = await fetch(`${restUrl}/overview`, { signal: AbortSignal.timeout(2_000) });
  const body: unknown = await response.json();
  return response.ok ? (body as { 'slots-total': number }) : undefined;
}
