import type { Step } from '../../plan/plan';
import { readFinishedUntil } from '../../service/flink-progress';
import { UserFault } from '../../user-fault';
import { POLL_EVERY_MS, type Under } from '../rolling';
import { waitUntil } from '../wait-until';

/** A job that has just started has no watermark; one that has none after so long has read nothing. */
const UNTIL_WATERMARK_SECONDS = 60;

/**
 * Finds the second up to which the running job is proven to have said everything, and sets from it the cutover of the
 * new one and where it begins to read: so early that at the cutover it has seen a whole window.
 */
export async function measure(step: Step & { kind: 'measure' }, under: Under): Promise<void> {
  if (under.facts().cutover !== undefined) return;
  const finishedUntil = step.finishedUntil ?? (await finished(step, under));
  const cutover = Math.max(0, finishedUntil - step.marginSeconds);
  const startAt = Math.max(0, cutover - step.lookBackSeconds - step.marginSeconds);
  await under.learn({ finishedUntil, cutover, startAt });
  const at = (second: number): string => new Date(second * 1_000).toISOString();
  under.progress.say(
    `  finished until ${at(finishedUntil)}; the cutover is ${at(cutover)}, usage is read from ${at(startAt)}`,
  );
}

async function finished(step: Step & { kind: 'measure' }, under: Under): Promise<number> {
  const { application } = step;
  try {
    return await waitUntil(
      `${application} to tell how far it is`,
      UNTIL_WATERMARK_SECONDS * 1_000,
      POLL_EVERY_MS,
      async () => {
        under.alive();
        const second = await lookOnce(application, under);
        return typeof second === 'number' ? { done: true, value: second } : { done: false, missing: second };
      },
    );
  } catch (thrown) {
    if (!(thrown instanceof UserFault)) throw thrown;
    under.alive();
    return assumed(step, under, thrown.message);
  }
}

/** The second, or why it is not known this time. */
async function lookOnce(application: string, { flink }: Under): Promise<number | string> {
  try {
    const observed = await flink.describe(application);
    if (observed?.status !== 'RUNNING') return `it is ${observed?.status ?? 'gone'}`;
    return (await readFinishedUntil(await flink.flinkPage(application))) ?? 'it has no watermark yet';
  } catch (thrown) {
    if (thrown instanceof UserFault) return thrown.message;
    throw thrown;
  }
}

/**
 * Nothing proves how far a job is that does not tell. It is taken to have finished what lies a whole look-back and a
 * margin before its last snapshot (it held the state of then) or, where there is none, before it was created.
 */
async function assumed(
  { application, lookBackSeconds, marginSeconds }: Step & { kind: 'measure' },
  { flink, progress }: Under,
  why: string,
): Promise<number> {
  const latest = (await flink.snapshots(application)).find(({ status }) => status === 'READY');
  const since = latest?.createdAt ?? (await flink.describe(application))?.createdAt;
  if (since === undefined) throw new UserFault(`application ${application} has gone: plan again`);
  const second = Math.floor(since.getTime() / 1_000) - lookBackSeconds - marginSeconds;
  const of = latest === undefined ? 'it was created' : 'its last snapshot';
  progress.say(`  ${why}`);
  progress.say(`  it is taken to have finished what lies ${lookBackSeconds + marginSeconds} s before ${of}`);
  return Math.max(0, second);
}
