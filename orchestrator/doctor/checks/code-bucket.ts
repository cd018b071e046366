import { tryBucket } from '../../service/buckets';
import { type DoctorCheck, ok } from '../doctor-check';

export const codeBucket: DoctorCheck = {
  code: 'code-bucket',
  help: 'the bucket that takes releases is there and can be read',
  look: async ({ environment, variables }) => {
    await tryBucket(environment.codeBucket, environment.region, variables);
    return [ok(`s3://${environment.codeBucket} answers`)];
  },
};
