import { join } from 'node:path';

/** What can be chosen about the local Flink. */
export interface FlinkChoices {
  /** Tasks that can run at the same time: the sum of the applications' parallelism. @default 8 */
  readonly taskSlots?: number;
  /** @default 2000 */
  readonly checkpointIntervalMs?: number;
  /** Memory of RocksDB, shared by the task slots. @default 256 */
  readonly managedMemoryMb?: number;
  /** Memory of the operators themselves. @default 448 */
  readonly taskHeapMb?: number;
}

/** Sizes of the TaskManager's memory that its JVM must be told as well, in MB. */
export interface TaskManagerMemory {
  readonly heapMb: number;
  readonly directMb: number;
  readonly metaspaceMb: number;
}

const FRAMEWORK_HEAP_MB = 128;
const OFF_HEAP_MB = 128;
const NETWORK_MB = 64;
const METASPACE_MB = 256;
const TASK_HEAP_MB = 448;

export function taskManagerMemory(choices: FlinkChoices): TaskManagerMemory {
  return {
    heapMb: FRAMEWORK_HEAP_MB + (choices.taskHeapMb ?? TASK_HEAP_MB),
    directMb: OFF_HEAP_MB + NETWORK_MB,
    metaspaceMb: METASPACE_MB,
  };
}

/**
 * Flink's config.yaml for a JobManager and a TaskManager on 127.0.0.1, with everything they write inside `folder`.
 * RocksDB with incremental checkpoints, as Managed Flink has it; heartbeats and delays short, so that a TaskManager
 * that was killed is missed after ten seconds and not after fifty.
 */
export function flinkConfiguration(
  folder: string,
  ports: { readonly rest: number; readonly rpc: number },
  choices: FlinkChoices,
): string {
  const settings: Record<string, string | number | boolean> = {
    'jobmanager.rpc.address': '127.0.0.1',
    'jobmanager.rpc.port': ports.rpc,
    'jobmanager.bind-host': '127.0.0.1',
    'rest.address': '127.0.0.1',
    'rest.bind-address': '127.0.0.1',
    'rest.port': ports.rest,
    'rest.bind-port': String(ports.rest),
    'blob.server.port': '0',
    'taskmanager.host': '127.0.0.1',
    'taskmanager.bind-host': '127.0.0.1',
    'taskmanager.rpc.port': '0',
    'taskmanager.data.port': 0,
    'metrics.internal.query-service.port': '0',
    'metrics.fetcher.update-interval': '1 s',

    'taskmanager.numberOfTaskSlots': choices.taskSlots ?? 8,
    'taskmanager.cpu.cores': 2,
    'taskmanager.memory.framework.heap.size': `${FRAMEWORK_HEAP_MB}m`,
    'taskmanager.memory.task.heap.size': `${choices.taskHeapMb ?? TASK_HEAP_MB}m`,
    'taskmanager.memory.framework.off-heap.size': `${OFF_HEAP_MB}m`,
    'taskmanager.memory.task.off-heap.size': '0m',
    'taskmanager.memory.network.min': `${NETWORK_MB}m`,
    'taskmanager.memory.network.max': `${NETWORK_MB}m`,
    'taskmanager.memory.managed.size': `${choices.managedMemoryMb ?? 256}m`,
    'taskmanager.memory.jvm-metaspace.size': `${METASPACE_MB}m`,
    'taskmanager.memory.jvm-overhead.min': '128m',
    'taskmanager.memory.jvm-overhead.max': '128m',

    'state.backend.type': 'rocksdb',
    'execution.checkpointing.incremental': true,
    'execution.checkpointing.interval': `${choices.checkpointIntervalMs ?? 2_000} ms`,
    'execution.checkpointing.dir': `file://${join(folder, 'checkpoints')}`,
    'execution.checkpointing.savepoint-dir': `file://${join(folder, 'savepoints')}`,

    'heartbeat.interval': '2000 ms',
    'heartbeat.timeout': '10000 ms',
    'cluster.registration.error-delay': '500 ms',
    'cluster.registration.refused-registration-delay': '500 ms',
    'restart-strategy.type': 'fixed-delay',
    'restart-strategy.fixed-delay.attempts': 10_000,
    'restart-strategy.fixed-delay.delay': '1 s',

    'io.tmp.dirs': join(folder, 'tmp'),
    'web.tmpdir': join(folder, 'tmp'),
    'web.upload.dir': join(folder, 'uploads'),
    'blob.storage.directory': join(folder, 'blobs'),
    'process.working-dir': join(folder, 'process'),
    // Many applications come and go on one local cluster; their classes are collected late, which is no fault.
    'classloader.check-leaked-classloader': false,
  };
  // A JSON scalar is a YAML scalar, whatever characters a path has.
  return Object.entries(settings)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}

/** Everything to the console, which goes to the server's log file. */
export const log4jConfiguration = `rootLogger.level = INFO
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %c{1} - %m%n
logger.pekko.name = org.apache.pekko
logger.pekko.level = WARN
`;
