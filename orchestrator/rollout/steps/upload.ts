import type { Step } from '../../plan/plan';
import { UserFault } from '../../user-fault';
import type { Under } from '../rolling';

/** Puts the release into the code bucket, unless it is there: its name says its content. */
export async function upload(step: Step & { kind: 'upload' }, under: Under): Promise<void> {
  const { code, plan, progress } = under;
  if (await code.has(step.codeKey)) return;
  const jar = under.jarOf(step.codeKey);
  if (jar === undefined) {
    throw new UserFault(
      `the files are no longer those of the plan, whose release is ${plan.releaseHash}: plan again`,
    );
  }
  progress.say(`  ${(jar.length / 1e6).toFixed(1)} MB to s3://${plan.desired.bucket}/${step.codeKey}`);
  await code.put(step.codeKey, jar);
}
