import type { Policy } from '../contracts/policy';
import type { SuspensionRequest } from '../contracts/suspension-request';
import { lengthMs, offencesLeft, termsFor } from './policy';
import type { Decision } from './store';

interface SubjectModel {
  windowEnd: number;
  offences: number;
  counted: boolean;
  since: number;
  notBefore: number;
  exemptUntil: number;
  suspension: { until: number; since: number; offences: number } | undefined;
}

/**
 * What the store does, written plainly, in memory and for one store. A test holds the scripts in Redis to it, whatever
 * happens in whatever order, so that a backtest can reckon with it what they would have decided.
 */
export class SuspensionModel {
  nowMs = 1_700_000_000_000;
  breakerOpen = false;
  readonly requests: SuspensionRequest[] = [];
  #decided = new Set<string>();
  #begun: number[] = [];
  readonly #subjects = new Map<string, SubjectModel>();

  constructor(readonly policy: Policy) {}

  #of(subject: string): SubjectModel {
    let model = this.#subjects.get(subject);
    if (model === undefined) {
      const never = { windowEnd: 0, offences: 0, counted: false, since: 0, notBefore: 0, exemptUntil: 0 };
      this.#subjects.set(subject, (model = { ...never, suspension: undefined }));
    }
    if (model.suspension !== undefined && model.suspension.until <= this.nowMs) model.suspension = undefined;
    return model;
  }

  /** The subjects that a guard refuses, with their ends. */
  active(): Record<string, number> {
    return Object.fromEntries(
      [...this.#subjects.keys()].sort().flatMap((subject) => {
        const { suspension } = this.#of(subject);
        return suspension === undefined ? [] : [[subject, suspension.until]];
      }),
    );
  }

  suspend({ id, excess }: SuspensionRequest): Pick<Decision, 'kind' | 'until' | 'offences'> {
    const of = this.#of(excess.subject);
    const answer = (kind: Decision['kind']): Pick<Decision, 'kind' | 'until' | 'offences'> => ({
      kind,
      until: of.suspension?.until ?? 0,
      offences: of.offences,
    });
    if (this.#decided.has(id)) return answer('repeated');
    this.#decided.add(id);
    if (of.windowEnd > 0 && excess.windowEnd <= of.windowEnd) return answer('outdated');

    const terms = termsFor(this.policy, excess);
    const gap = excess.windowEnd - of.windowEnd;
    const isSame =
      of.windowEnd > 0 && (of.suspension !== undefined || gap <= excess.windowEnd - excess.windowStart);
    if (!isSame) {
      of.offences = offencesLeft(terms, of.offences, gap);
      of.counted = false;
    }
    of.windowEnd = excess.windowEnd;
    if (of.exemptUntil > this.nowMs) return answer('exempt');
    if (excess.windowStart * 1000 < Math.max(of.notBefore, of.exemptUntil)) return answer('before-lift');
    if (this.breakerOpen) return answer('held');
    if (of.suspension === undefined) {
      this.#begun = this.#begun.filter((at) => at > this.nowMs - 60_000);
      if (this.#begun.length >= this.policy.breaker.suspensionsPerMinute) {
        this.breakerOpen = true;
        return answer('held');
      }
      this.#begun.push(this.nowMs);
    }
    if (!of.counted) of.offences++;
    of.counted = true;
    const until = this.nowMs + lengthMs(terms, id, of.offences);
    const before = of.suspension;
    if (before === undefined) of.since = this.nowMs;
    if (before === undefined || until > before.until) {
      of.suspension = { until, since: of.since, offences: of.offences };
    }
    return answer(before === undefined ? 'suspended' : until > before.until ? 'extended' : 'covered');
  }

  add(subject: string, seconds: number): string {
    const of = this.#of(subject);
    if (of.exemptUntil > this.nowMs) return 'exempt';
    if (of.suspension === undefined) of.since = this.nowMs;
    of.counted = false;
    of.suspension = {
      until: this.nowMs + seconds * 1000,
      since: of.since,
      offences: Math.max(1, of.offences),
    };
    return 'added';
  }

  lift(subject: string): string {
    const of = this.#of(subject);
    if (of.suspension === undefined) return 'not-suspended';
    of.suspension = undefined;
    of.notBefore = this.nowMs;
    return 'lifted';
  }

  exempt(subject: string, seconds: number): string {
    const lifted = this.lift(subject) === 'lifted';
    this.#of(subject).exemptUntil = this.nowMs + seconds * 1000;
    return lifted ? 'exempted-and-lifted' : 'exempted';
  }

  unexempt(subject: string): string {
    const of = this.#of(subject);
    if (of.exemptUntil <= this.nowMs) return 'not-exempt';
    of.exemptUntil = this.nowMs;
    return 'unexempted';
  }

  resetBreaker(): string {
    if (!this.breakerOpen) return 'not-open';
    this.breakerOpen = false;
    this.#begun = [];
    return 'reset';
  }

  /** Redis lost everything: which requests were decided, and how many a minute ago, is not in `control`. */
  loseStore(): void {
    this.#decided = new Set();
    this.#begun = [];
  }
}
