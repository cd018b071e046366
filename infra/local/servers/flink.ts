import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalProcess } from '../processes/local-process';
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
  /** The process that runs the tasks, as long as it was not replaced. */
  taskManagerId(): number;
  /** Kills the TaskManager as `kill -9` does and starts another one; ready when Flink knows it. */
  replaceTaskManager(): Promise<void>;
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
    const startTaskManager = (id: string, isReady: () => Promise<boolean>): Promise<LocalProcess> =>
      run.start({
        name: 'Flink TaskManager',
        ...jvm(
          id,
          [
            `-Xmx${memory.heapMb}m`,
            `-XX:MaxDirectMemorySize=${memory.directMb}m`,
            `-XX:MaxMetaspaceSize=${memory.metaspaceMb}m`,
          ],
          `${PACKAGE}.taskexecutor.TaskManagerRunner`,
        ),
        isReady,
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
      startTaskManager(
        'flink-taskmanager',
        async () => ((await overview(restUrl))?.['slots-total'] ?? 0) > 0,
      ),
    ]);
    const [jobManager, firstTaskManager] = started;
    if (jobManager.status === 'rejected' || firstTaskManager.status === 'rejected') {
      await Promise.all(
        started.map((result) => (result.status === 'fulfilled' ? result.value.stop() : undefined)),
      );
      throw jobManager.status === 'rejected'
        ? jobManager.reason
        : (firstTaskManager as PromiseRejectedResult).reason;
    }
    let taskManager = firstTaskManager.value;
    let replaced = 0;
    return {
      restUrl,
      taskManagerId: () => taskManager.pid,
      async replaceTaskManager() {
        const known = await taskManagers(restUrl);
        process.kill(taskManager.pid, 'SIGKILL');
        replaced += 1;
        // Flink misses the killed one only after its heartbeat timeout.
        taskManager = await startTaskManager(`flink-taskmanager-${replaced + 1}`, async () =>
          (await taskManagers(restUrl)).some((id) => !known.includes(id)),
        );
      },
      async stop() {
        await Promise.all([jobManager.value.stop(), taskManager.stop()]);
      },
    };
  });
}

/** Flink's own summary of the cluster; undefined while its REST API answers with an error. */
async function overview(restUrl: string): Promise<{ 'slots-total': number } | undefined> {
  const response = await fetch(`${restUrl}/overview`, { signal: AbortSignal.timeout(2_000) });
  const body: unknown = await response.json();
  return response.ok ? (body as { 'slots-total': number }) : undefined;
}

/** The names under which Flink knows its TaskManagers, those it has not missed yet included. */
async function taskManagers(restUrl: string): Promise<string[]> {
  const response = await fetch(`${restUrl}/taskmanagers`, { signal: AbortSignal.timeout(2_000) });
  const { taskmanagers } = (await response.json()) as { taskmanagers: { id: string }[] };
  return taskmanagers.map(({ id }) => id);
}
