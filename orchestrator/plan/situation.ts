import { type LookBack, longestLookBack, lookBackOf } from './look-back';
import type { PlanInput, Slot } from './plan-input';
import { hasRolloutParameters } from './rollout-parameters';
import { liveGeneration, liveSlot, otherSlot, slotName } from './slots';
import { finishedUntil, type StoppedState, stoppedState } from './stopped-state';

/**
 * What is added for safety, in seconds: a record's second may lie up to a minute after its arrival (clocks differ;
 * tables take no more), and a job begins to read by arrival.
 */
export const MARGIN_SECONDS = 60;

/** What a plan's rollout, steps and cost follow from. */
export interface Situation {
  input: PlanInput;
  slot: Slot;
  freeSlot: Slot;
  /** The names in the service of the live application and of the other slot's. */
  name: string;
  freeName: string;
  state: StoppedState;
  runs: boolean;
  previousGeneration: number | null;
  nextGeneration: number;
  /** Whether the new release can be told where to begin and from when to speak. */
  rolloutParameters: boolean;
  lookBack: LookBack;
  /** What a replay reads again, in seconds: back from now, or from where a stopped job had finished. */
  replaySeconds: number;
  /** Of a job that does not run, and what that rests on. */
  finished: { second: number; assumed: string } | undefined;
}

/** Pure. */
export function situationOf(input: PlanInput): Situation {
  const { observed, wanted, generations, serviceName, now } = input;
  const slot = liveSlot(generations.generations);
  const state = stoppedState(input);
  const runs = state.kind === 'running';
  const last = Math.max(0, ...generations.generations.map(({ generation }) => generation));
  const running = observed.live && Number(observed.live.parameters['generation'] ?? 1);
  const previousGeneration = liveGeneration(generations.generations)?.generation ?? running ?? null;
  const wantedBack = lookBackOf(wanted.files, wanted.settings.parameters);
  const lookBack =
    observed.live && observed.deployed
      ? longestLookBack(wantedBack, lookBackOf(observed.deployed.files, observed.live.parameters))
      : wantedBack;
  const finished = observed.live === undefined || runs ? undefined : finishedUntil(input, state);
  const sinceSeconds =
    finished === undefined ? 0 : Math.max(0, Math.floor(now.getTime() / 1000) - finished.second);
  return {
    input,
    slot,
    freeSlot: otherSlot(slot),
    name: slotName(serviceName, slot),
    freeName: slotName(serviceName, otherSlot(slot)),
    state,
    runs,
    previousGeneration,
    nextGeneration: Math.max(last, previousGeneration ?? 0) + 1,
    rolloutParameters: hasRolloutParameters(wanted.settings),
    lookBack,
    replaySeconds: sinceSeconds + lookBackSeconds(lookBack) + 2 * MARGIN_SECONDS,
    finished,
  };
}

export function lookBackSeconds({ windowSeconds, delaySeconds }: LookBack): number {
  return windowSeconds + delaySeconds;
}
