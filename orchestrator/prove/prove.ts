import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { excess } from '../../lambdas/contracts/excess';
import type { OperatorAnswer } from '../../lambdas/contracts/operator';
import { parseRecord } from '../../lambdas/contracts/parse';
import type { SuspensionEvent } from '../../lambdas/contracts/suspension-event';
import { syntheticSubjectPrefix } from '../../lambdas/contracts/synthetic-subject';
import type { UsageRecord } from '../../lambdas/contracts/usage-record';
import type { Operator } from '../service/operator';
import type { Streams } from '../service/usage-streams';
import { messageOf } from '../user-fault';

/** One part of the way, and whether the synthetic subject came through it. */
export interface ProvenStep {
  readonly name: 'operator' | 'application' | 'usage' | 'excess' | 'decision' | 'guards' | 'lift';
  readonly passed: boolean;
  readonly detail: string;
  readonly ms: number;
}

export interface Proof {
  readonly operator: Operator;
  readonly streams: Streams;
  readonly streamNames: { readonly usage: string; readonly excess: string };
  /** Answers whether the application runs, and its limit. */
  readonly application: () => Promise<{ running: boolean; detail: string; limit: number }>;
  /** @default twice the limit */
  readonly units?: number;
  readonly timeoutMs: number;
  readonly say: (line: string) => void;
}

/** The way is not gone on with. Its message is the step's detail. */
class Stopped extends Error {}

/**
 * Sends usage of a subject that nobody else has through the running system: usage stream, Flink, alerter, queue,
 * suspender, Redis. The first step that does not pass is the last. Nobody else is affected: the subject and its
 * resource are made up, and its suspension is lifted at the end.
 */
export async function proveWay(proof: Proof): Promise<{ subject: string; steps: ProvenStep[] }> {
  const subject = `${syntheticSubjectPrefix}${randomUUID()}`;
  const steps: ProvenStep[] = [];
  const step = async (name: ProvenStep['name'], go: () => Promise<string>): Promise<void> => {
    proof.say(`${name} …`);
    const startMs = Date.now();
    try {
      const detail = await go();
      steps.push({ name, passed: true, detail, ms: Date.now() - startMs });
    } catch (cause) {
      steps.push({ name, passed: false, detail: messageOf(cause), ms: Date.now() - startMs });
      throw new Stopped(undefined, { cause });
    }
  };
  try {
    await walk(proof, subject, step);
  } catch (cause) {
    if (!(cause instanceof Stopped)) throw cause;
  }
  return { subject, steps };
}

async function walk(
  proof: Proof,
  subject: string,
  step: (name: ProvenStep['name'], go: () => Promise<string>) => Promise<void>,
): Promise<void> {
  const { operator, streams, streamNames, timeoutMs } = proof;
  const startMs = Date.now();
  let policyMode = 'enforce';
  await step('operator', async () => {
    const [breaker, { policy }] = [await operator.ask('breaker', {}), await operator.ask('policy', {})];
    policyMode = policy.mode;
    return `answers; the policy is ${policyMode}, the breaker ${breaker.open ? 'OPEN' : 'closed'}`;
  });
  let units = proof.units ?? 0;
  await step('application', async () => {
    const { running, detail, limit } = await proof.application();
    if (!running) throw new Error(detail);
    if (proof.units === undefined) {
      if (Number.isNaN(limit)) throw new Error('it has no parameter limit: give --units');
      units = 2 * limit;
    }
    return detail;
  });
  await step('usage', async () => {
    const second = Math.floor(Date.now() / 1000);
    const record: UsageRecord = {
      version: 1,
      source: 'spillway-prove',
      batch: subject,
      part: 0,
      second,
      entries: [{ resource: 'spillway-prove', key: `S:${subject}`, subject, units, writes: 1 }],
    };
    await streams.put(streamNames.usage, subject, JSON.stringify(record));
    return `${units} write units of ${subject} are on ${streamNames.usage}`;
  });
  await step('excess', () =>
    until(timeoutMs, 'Flink stated no excess: is the job reading, and does time move on in it?', async () => {
      let detail: string | undefined;
      await streams.readSince(streamNames.excess, startMs - 1_000, (text) => {
        const parsed = parseRecord(excess, text);
        if (parsed.ok && parsed.value.subject === subject) {
          detail = `${parsed.value.detection} stated ${parsed.value.units} units against ${parsed.value.limit}`;
        }
      });
      return detail;
    }),
  );
  let decided: SuspensionEvent | undefined;
  await step('decision', async () => {
    if (policyMode === 'off') return 'the policy is off: nothing is decided, as it says';
    const late =
      'the suspender decided nothing: look at the alerter, the request queue and its dead-letter queue';
    return until(timeoutMs, late, async () => {
      const { events } = await operator.ask('history', {
        since: startMs - 1_000,
        subject,
        newestFirst: false,
        limit: 1,
      });
      [decided] = events;
      return decided && `${decided.kind}${decided.simulated === true ? ', simulated' : ''}`;
    });
  });
  if (decided?.kind !== 'suspended' || decided.simulated === true) {
    if (decided?.kind === 'held')
      await step('guards', () => Promise.reject(new Error('the breaker is open')));
    return;
  }
  await step('guards', async () => {
    const standing: OperatorAnswer<'show'> = await operator.ask('show', { subject });
    if (standing.suspension === undefined)
      throw new Error('the suspension is not in what guards read from Redis');
    return `the suspension is in what guards read, until ${new Date(standing.suspension.until).toISOString()}`;
  });
  await step('lift', async () => {
    const reason = 'spillway prove is done';
    return (await operator.ask('lift', { id: randomUUID(), subject, reason })).outcome;
  });
}

async function until(
  timeoutMs: number,
  otherwise: string,
  look: () => Promise<string | undefined>,
): Promise<string> {
  const endMs = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() >= endMs) throw new Error(`within ${timeoutMs / 1000} s ${otherwise}`);
    await wait(500);
  }
}
