import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryRoot, workFolder } from '../../infra/local/processes/work-folder';
import { plannerFiles } from '../../orchestrator/release/planner-files';

const sources = resolve(__dirname, 'java');
const opened = ['java.base/java.util', 'java.base/java.lang', 'java.base/java.time', 'java.base/java.nio'];

/** A program of `test/bench/java` that runs. */
export interface FlinkProgram {
  /** Resolves once it has ended well or was stopped; else rejects with what it printed on stderr. */
  readonly ended: Promise<void>;
  /** Ends it. */
  stop(): void;
}

export interface FlinkProgramOptions {
  readonly timeoutMs: number;
  /** Variables beside those of this process. @default none */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Starts a program of `test/bench/java` in a JVM of its own, with a Flink inside, on the runner's jar and the libraries
 * of set-up. Each line that it prints is a JSON object; `told` hears of each as it comes.
 */
export function startOnFlink<Line>(
  program: string,
  args: readonly string[],
  told: (line: Line) => void,
  options: FlinkProgramOptions,
): FlinkProgram {
  const folder = mkdtempSync(join(workFolder, 'bench-'));
  const { jars } = plannerFiles(workFolder, join(workFolder, 'runner', 'spillway-runner.jar'), 'java');
  const classes = join(folder, 'classes');
  compile(classes, jars.join(delimiter));
  const opens = opened.map((name) => `--add-opens=${name}=ALL-UNNAMED`);
  // The local Kinesis speaks JSON.
  const aws = '-Daws.cborEnabled=false';
  const jvm = ['-Xmx1500m', '-XX:+UseSerialGC', aws, `-Djava.io.tmpdir=${folder}`, ...opens];
  const main = ['-cp', [classes, ...jars].join(delimiter), `spillway.bench.${program}`];
  const child = spawn('java', [...jvm, ...main, join(repositoryRoot, 'flink-sql'), folder, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.environment },
    timeout: options.timeoutMs,
    killSignal: 'SIGKILL',
  });
  const endWithThisProcess = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithThisProcess);
  let problems = '';
  let stopped = false;
  child.stderr.on('data', (chunk: Buffer) => {
    problems = (problems + chunk.toString()).slice(-20_000);
  });
  createInterface({ input: child.stdout }).on('line', (text) => {
    told(JSON.parse(text) as Line);
  });
  const ended = new Promise<void>((settle, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => {
      if (code === 0 || stopped) settle();
      else fail(new Error(`${program} ended with ${code ?? signal}:\n${problems}`));
    });
  }).finally(() => {
    process.off('exit', endWithThisProcess);
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    ended,
    stop: () => {
      stopped = true;
      child.kill('SIGKILL');
    },
  };
}

/** The same, for a program that ends by itself. Answers with all that it printed. */
export async function runOnFlink<Line>(
  program: string,
  args: readonly string[],
  told: (line: Line) => void,
  timeoutMs: number,
): Promise<Line[]> {
  const lines: Line[] = [];
  const heard = (line: Line): void => {
    lines.push(line);
    told(line);
  };
  await startOnFlink(program, args, heard, { timeoutMs }).ended;
  return lines;
}

function compile(classes: string, classPath: string): void {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.java'))
    .map((file) => join(sources, file));
  const compiled = spawnSync('javac', ['-nowarn', '-d', classes, '-cp', classPath, ...files], {
    encoding: 'utf8',
  });
  if (compiled.status !== 0 || !existsSync(classes)) {
    throw new Error(`javac ended with ${compiled.status ?? String(compiled.error)}:\n${compiled.stderr}`);
  }
  for (const name of ['META-INF', 'log4j2.properties']) {
    cpSync(join(sources, name), join(classes, name), { recursive: true });
  }
}
