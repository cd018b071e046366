import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalProcess, startProcess } from './local-process';
import { untilReady } from './readiness';
import { type Reaper, startReaper } from './reaper';
import { makeRunFolder } from './run-folders';
import { workFolder } from './work-folder';

/** A program of a run, and how to know that it can be used. */
export interface ServerSpec {
  /** What people call it: `Kinesis`. */
  readonly name: string;
  /** Names its folder and its log file: `kinesis`. */
  readonly id: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly isReady: () => Promise<boolean>;
  readonly readyWithinMs: number;
}

/** The processes and the folder of one local system. */
export class Run {
  readonly folder: string;
  private readonly reaper: Reaper;
  private readonly processes: LocalProcess[] = [];
  private readonly controller = new AbortController();
  private stopped: Promise<void> | undefined;

  /** Throws when a system with this id runs already. */
  constructor(
    readonly id: string,
    readonly log: (line: string) => void,
  ) {
    this.folder = makeRunFolder(join(workFolder, 'run'), id);
    this.reaper = startReaper();
  }

  /** Aborted as soon as the run is being stopped. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The folder of one server inside the run's folder: its working directory. */
  folderOf(id: string): string {
    const folder = join(this.folder, id);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Where a server's temporary files go, instead of the system's folder for them. */
  get temporaryFolder(): string {
    return join(this.folder, 'tmp');
  }

  /** Starts a server and waits until it is ready; when that fails, nothing of it is left. Errors: see untilReady. */
  async start(spec: ServerSpec): Promise<LocalProcess> {
    this.signal.throwIfAborted();
    const startedAtMs = Date.now();
    const logFile = join(this.folder, 'logs', `${spec.id}.log`);
    let ready = false;
    const process = await startProcess(
      {
        name: spec.name,
        command: spec.command,
        args: spec.args,
        cwd: this.folderOf(spec.id),
        env: { TMPDIR: this.temporaryFolder, ...spec.env },
        logFile,
      },
      this.reaper,
      (how) => {
        if (ready) this.log(`${spec.name} ended by itself with ${how}; its log: ${logFile}`);
      },
    );
    this.processes.push(process);
    try {
      await untilReady(process, spec.isReady, spec.readyWithinMs, this.signal);
    } catch (error) {
      await process.stop();
      throw error;
    }
    ready = true;
    this.log(`${spec.name} is ready after ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`);
    return process;
  }

  /** The ids of all processes that were started, the reaper's included, whether they still run or not. */
  get processIds(): number[] {
    return [...this.processes.map((process) => process.pid), this.reaper.pid];
  }

  /** Stops every process, those still starting included. Stopping twice is stopping once. */
  async stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  private async stopAll(): Promise<void> {
    this.controller.abort(new Error(`the local system ${this.id} is being stopped`));
    await Promise.all(this.processes.map((process) => process.stop()));
    await this.reaper.close();
  }
}
