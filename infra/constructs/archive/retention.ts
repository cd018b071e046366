import { Duration } from 'aws-cdk-lib';
import { type LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import { usagePrefix } from '../../../orchestrator/archive/layout';

/** How long usage is kept, and in which storage class. */
export interface ArchiveRetention {
  /**
   * When usage becomes Standard-Infrequent Access: half the price to keep, and one to read. At least 30 days.
   *
   * @default Duration.days(62), so that a month is billed and corrected before
   */
  readonly infrequentAccessAfter?: Duration;

  /**
   * When usage becomes Glacier Instant Retrieval: still read at once, but dearer to read. At least 30 days after
   * `infrequentAccessAfter`.
   *
   * @default Duration.days(400)
   */
  readonly glacierAfter?: Duration;

  /**
   * When usage is deleted.
   *
   * @default - never
   */
  readonly expireAfter?: Duration;

  /**
   * When records that could not be converted are deleted.
   *
   * @default Duration.days(90)
   */
  readonly errorRetention?: Duration;
}

/** S3's least for both steps (User Guide, lifecycle transitions). */
const leastDays = 30;

/** The bucket's rules. Throws where S3 would refuse them. */
export function archiveLifecycle(
  retention: ArchiveRetention & { readonly resultRetention?: Duration },
  prefixes: { readonly errors: string; readonly results: string },
): LifecycleRule[] {
  const infrequent = retention.infrequentAccessAfter ?? Duration.days(62);
  const glacier = retention.glacierAfter ?? Duration.days(400);
  const { expireAfter } = retention;
  if (infrequent.toDays() < leastDays) {
    throw new Error(`infrequentAccessAfter is ${infrequent.toDays()} days; S3 takes ${leastDays} or more.`);
  }
  if (glacier.toDays() < infrequent.toDays() + leastDays) {
    throw new Error(
      `glacierAfter is ${glacier.toDays()} days; it must be ${leastDays} days or more after infrequentAccessAfter, which is ${infrequent.toDays()}.`,
    );
  }
  if (expireAfter !== undefined && expireAfter.toDays() <= infrequent.toDays()) {
    throw new Error(
      `expireAfter is ${expireAfter.toDays()} days; it must be more than infrequentAccessAfter, which is ${infrequent.toDays()}.`,
    );
  }
  const isBeforeGlacier = expireAfter !== undefined && expireAfter.toDays() <= glacier.toDays();
  return [
    {
      id: 'usage',
      prefix: usagePrefix,
      transitions: [
        { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: infrequent },
        ...(isBeforeGlacier
          ? []
          : [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: glacier }]),
      ],
      ...(expireAfter === undefined ? {} : { expiration: expireAfter }),
    },
    { id: 'errors', prefix: prefixes.errors, expiration: retention.errorRetention ?? Duration.days(90) },
    { id: 'results', prefix: prefixes.results, expiration: retention.resultRetention ?? Duration.days(30) },
    // Parts of an object whose writing never ended.
    { id: 'unfinished', abortIncompleteMultipartUploadAfter: Duration.days(7) },
  ];
}
