import { tryBucket } from '../../service/buckets';
import { type DoctorCheck, ok, unknown } from '../doctor-check';

export const failedBatchBucket: DoctorCheck = {
  code: 'failed-batch-bucket',
  help: 'the bucket with what functions were given up for is there and can be read: `spillway redrive` brings it back',
  look: async ({ environment, variables }) => {
    const bucket = environment.failedBatchBucket;
    if (bucket === undefined) {
      const next = `name it as failedBatchBucket of ${environment.name} in ${environment.file}, or have CDK's outputs say it`;
      return [unknown('where batches that failed lie is not said', next)];
    }
    await tryBucket(bucket, environment.region, variables);
    return [ok(`s3://${bucket} answers`)];
  },
};
