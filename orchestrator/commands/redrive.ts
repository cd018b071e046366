import { redriveBatches } from '../redrive/redrive';
import { redriveJson, redriveText } from '../report/redrive-report';
import { s3FailedBatchStore } from '../service/failed-batch-store';
import { lambdaFunctions } from '../service/functions';
import { UserFault } from '../user-fault';
import { environmentOf, guardedVariables } from './open-place';
import type { RedriveOptions } from './options';
import { EXIT_DONE, EXIT_FAILED, type Streams } from './streams';

/** `spillway redrive`: gives the batches that functions were given up for to them again. */
export async function redrive(options: RedriveOptions, streams: Streams): Promise<number> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
    throw new UserFault(`--limit is "${options.limit}". Give a whole number from 1 to 10000.`);
  }
  const environment = environmentOf(options);
  const bucket = options.bucket ?? environment.failedBatchBucket;
  if (bucket === undefined) {
    throw new UserFault(
      `which bucket? ${environment.file} has no failedBatchBucket for ${environment.name}: name there the bucket ` +
        'that is the on-failure destination of the event sources, or give it with --bucket',
    );
  }
  const { variables } = await guardedVariables(environment, options, streams);
  const store = s3FailedBatchStore(bucket, environment.region, variables);
  const functions = lambdaFunctions(environment.region, variables);
  try {
    const { batches, more } = await redriveBatches({
      store,
      functions,
      ...(options.function !== undefined && { functionName: options.function }),
      dryRun: options.dryRun,
      limit,
      say: (line) => void streams.stderr.write(`${line}\n`),
    });
    const outcome = { environment: environment.name, bucket, dryRun: options.dryRun, batches, more };
    streams.stdout.write(options.json ? `${JSON.stringify(redriveJson(outcome))}\n` : redriveText(outcome));
    const bad = batches.some((batch) => batch.outcome === 'failed' || batch.outcome === 'unreadable');
    return bad ? EXIT_FAILED : EXIT_DONE;
  } finally {
    store.close();
    functions.close();
  }
}
