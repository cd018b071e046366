import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlinkRest } from '../../../infra/local/managed-flink/flink-rest';
import { Run } from '../../../infra/local/processes/run';
import { repositoryRoot, workFolder } from '../../../infra/local/processes/work-folder';
import { type FlinkCluster, startFlink } from '../../../infra/local/servers/flink';
import { startKinesis } from '../../../infra/local/servers/kinesis';
import { progress, until } from './until';

/** What a local system's processes read as AWS's. */
const credentials = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

const SOURCE = join(
  repositoryRoot,
  'flink-sql/kinesis-connector/src/bench/java/spillway/kinesis/bench/RunStatements.java',
);

/** A Flink and a Kinesis server, and jobs on them that are lists of SQL statements. */
export interface BenchFlink {
  readonly cluster: FlinkCluster;
  readonly rest: FlinkRest;
  /** Read by AWS's clients. */
  readonly environment: Readonly<Record<string, string>>;
  /** A folder for files that go with the run. */
  readonly folder: string;
  /** Starts a job; ends when all its tasks run. Answers its id. */
  start(job: BenchJob): Promise<string>;
  /** Stops a job with a savepoint and answers where that is. */
  stopWithSavepoint(jobId: string): Promise<string>;
  cancel(jobId: string): Promise<void>;
  stop(): Promise<void>;
}

export interface BenchJob {
  /** CREATE statements, and an INSERT last. */
  readonly statements: readonly string[];
  readonly parallelism: number;
  readonly savepoint?: string;
}

export async function startBenchFlink(): Promise<BenchFlink> {
  const run = new Run(`bench-connector-${process.pid}`, progress);
  try {
    const kinesis = await startKinesis(run);
    const environment = { ...credentials, AWS_ENDPOINT_URL_KINESIS: kinesis.endpoint };
    const cluster = await startFlink(run, { environment });
    const rest = new FlinkRest(cluster.restUrl);
    const jar = await rest.uploadJar('bench.jar', readFileSync(makeJar(run)));
    return {
      cluster,
      rest,
      environment,
      folder: run.folderOf('bench'),
      async start({ statements, parallelism, savepoint }) {
        const jobId = randomBytes(16).toString('hex');
        await rest.runJar(jar, {
          jobId,
          programArgsList: [...statements],
          parallelism,
          savepointPath: savepoint,
          allowNonRestoredState: false,
          flinkConfiguration: {},
        });
        await until('the job runs', async () => hasStarted(rest, jobId));
        return jobId;
      },
      async stopWithSavepoint(jobId) {
        await until('all tasks run', async () => rest.allTasksRun(jobId));
        const savepoint = { jobId, requestId: randomBytes(16).toString('hex') };
        await rest.triggerSavepoint(savepoint, `file://${run.folder}/flink/savepoints`, true);
        let path: string | undefined;
        await until('the savepoint is written', async () => {
          path = await rest.savepointPath(savepoint);
          return path !== undefined;
        });
        return path ?? '';
      },
      async cancel(jobId) {
        await rest.cancel(jobId);
        await until('the job is cancelled', async () => (await rest.jobState(jobId)) === 'CANCELED');
      },
      stop: () => run.stop(),
    };
  } catch (error) {
    await run.stop();
    throw error;
  }
}

/** A bounded job may have ended before anyone looked; one that failed says why. */
async function hasStarted(rest: FlinkRest, jobId: string): Promise<boolean> {
  const state = await rest.jobState(jobId);
  if (state === 'FAILED') throw new Error(`a job of the bench failed: ${await rest.lastException(jobId)}`);
  return state === 'FINISHED' || rest.allTasksRun(jobId);
}

/** The connector and what it needs, as the runner's jar has it, with the bench's main class. */
function makeJar(run: Run): string {
  const folder = run.folderOf('bench-jar');
  const classes = join(folder, 'classes');
  const jar = join(folder, 'bench.jar');
  mkdirSync(classes, { recursive: true });
  copyFileSync(join(workFolder, 'runner', 'spillway-runner.jar'), jar);
  tool('javac', ['-cp', join(workFolder, 'flink', 'lib', '*'), '-d', classes, SOURCE]);
  tool('jar', [
    '--update',
    '--file',
    jar,
    '--main-class',
    'spillway.kinesis.bench.RunStatements',
    '-C',
    classes,
    '.',
  ]);
  return jar;
}

function tool(command: string, args: readonly string[]): void {
  const ended = spawnSync(command, args, { encoding: 'utf8', timeout: 120_000 });
  if (ended.status !== 0) {
    throw new Error(`${command} ended with ${ended.status ?? ended.signal}: ${ended.stdout}${ended.stderr}`);
  }
}
