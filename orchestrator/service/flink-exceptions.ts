import { currentJob, getFlink } from './flink-job';
import { rootCause } from './java-stack-trace';

/** One failure of a job, as Flink keeps the last sixteen of a job. */
export interface FlinkException {
  at: Date;
  /** The task that failed; absent where the job itself did. */
  task: string | undefined;
  /** The root of it in one line. */
  cause: string;
  stackTrace: string;
}

interface Exceptions {
  exceptionHistory?: {
    entries?: { timestamp: number; stacktrace: string; taskName?: string | null }[];
  };
}

/** The failures of the application's newest job, the latest last; none where there is no job. */
export async function readExceptions(pageUrl: string): Promise<FlinkException[]> {
  const job = await currentJob(pageUrl);
  if (job === undefined) return [];
  const { exceptionHistory } = await getFlink<Exceptions>(pageUrl, `/jobs/${job.jid}/exceptions`);
  return (exceptionHistory?.entries ?? [])
    .map(({ timestamp, stacktrace, taskName }) => ({
      at: new Date(timestamp),
      task: taskName ?? undefined,
      cause: rootCause(stacktrace),
      stackTrace: stacktrace.trimEnd(),
    }))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}
