import { generationsCacheSeconds } from '../../lambdas/contracts/generations';
import type { Change, RolloutKind, Step } from './plan';
import { forFacts, plain, withRolloutParameters } from './rollout-parameters';
import { lookBackSeconds, MARGIN_SECONDS, type Situation } from './situation';

/** The most a new job may be behind the stream's tip before it is trusted to have caught up. */
const LAG_SECONDS = 10;
/** For a job to run, beside the two checkpoint intervals until a checkpoint is surely made. */
const HEALTHY_SECONDS = 180;
/** From the switch until its cutover, beside the alerters' cache and the delay. */
const LEAD_SECONDS = 10;
/** For both jobs to finish the cutover's second, beside the lead: also where the stream has fallen silent. */
const CUTOVER_SECONDS = 120;

/** The steps of a rollout in their order; preview and apply walk the same list. Pure. */
export function stepsOf(kind: RolloutKind, changes: readonly Change[], situation: Situation): Step[] {
  switch (kind) {
    case 'none':
      return [];
    case 'create':
      return create(situation);
    case 'start':
      return [...tag(changes, situation), ...start(situation)];
    case 'settings':
      return tag(changes, situation);
    case 'restart':
      return [...tag(changes, situation), ...restart(situation)];
    case 'replay':
      return [...tag(changes, situation), ...replay(situation)];
    case 'handover':
      return [...tag(changes, situation), ...warmUp(situation), ...takeOver(situation)];
    case 'shadow':
      return warmUp(situation);
  }
}

function create(situation: Situation): Step[] {
  const { name, nextGeneration, input } = situation;
  const { settings, tags } = input.wanted;
  return [
    { kind: 'upload', codeKey: settings.codeKey },
    {
      kind: 'create',
      application: name,
      settings: withRolloutParameters(settings, nextGeneration),
      rolloutParameters: false,
    },
    ...tagNew(name, tags),
    register(situation, false),
    { kind: 'start', application: name, state: 'none' },
    gates(situation, name),
  ];
}

function start(situation: Situation): Step[] {
  const { name, state } = situation;
  return [
    { kind: 'start', application: name, state: state.kind === 'never ran' ? 'none' : 'latest' },
    gates(situation, name),
  ];
}

function restart(situation: Situation): Step[] {
  const { name, runs, nextGeneration, input, state } = situation;
  const { settings } = input.wanted;
  // Cutover and start stay as they are: a restored job does not look at them again, and speaks as before.
  const updated = withRolloutParameters(settings, nextGeneration, input.observed.live?.parameters);
  const update: Step = {
    kind: 'update',
    application: name,
    settings: updated,
    of: runs ? 'running' : 'stopped',
    rolloutParameters: false,
  };
  if (runs) {
    const snapshot = snapshotName(situation);
    return [
      ...upload(situation),
      register(situation, false),
      { kind: 'snapshot', application: name, snapshot },
      update,
      gates(situation, name),
    ];
  }
  const from = state.kind === 'never ran' ? 'none' : 'latest';
  return [
    ...upload(situation),
    register(situation, false),
    update,
    { kind: 'start', application: name, state: from },
    gates(situation, name),
  ];
}

function replay(situation: Situation): Step[] {
  const { name, runs, nextGeneration, rolloutParameters, input } = situation;
  const { settings } = input.wanted;
  return [
    ...upload(situation),
    ...(rolloutParameters ? [measure(situation)] : []),
    register(situation, false),
    ...(runs ? [{ kind: 'stop' as const, application: name }] : []),
    {
      kind: 'update',
      application: name,
      settings: rolloutParameters
        ? plain(forFacts(settings, nextGeneration))
        : withRolloutParameters(settings, nextGeneration),
      of: 'stopped',
      rolloutParameters,
    },
    { kind: 'start', application: name, state: 'none' },
    gates(situation, name, rolloutParameters ? { lagSeconds: LAG_SECONDS } : {}),
  ];
}

/** A second application that reads what the first one has read, and is not heard. */
function warmUp(situation: Situation): Step[] {
  const { freeName, input, nextGeneration, previousGeneration } = situation;
  const { free } = input.observed;
  const settings = plain(forFacts(input.wanted.settings, nextGeneration));
  const isThere = free !== undefined;
  const stops = isThere && free.status !== 'READY';
  return [
    ...upload(situation),
    ...(stops ? [{ kind: 'stop' as const, application: freeName }] : []),
    measure(situation),
    isThere
      ? { kind: 'update', application: freeName, settings, of: 'stopped', rolloutParameters: true }
      : { kind: 'create', application: freeName, settings, rolloutParameters: true },
    ...tagNew(freeName, input.wanted.tags),
    register(situation, true),
    { kind: 'start', application: freeName, state: 'none' },
    gates(situation, freeName, {
      lagSeconds: LAG_SECONDS,
      ...(previousGeneration !== null && { compareWith: previousGeneration }),
    }),
  ];
}

function takeOver(situation: Situation): Step[] {
  const { name, freeName, nextGeneration, lookBack } = situation;
  const leadSeconds = generationsCacheSeconds + lookBack.delaySeconds + LEAD_SECONDS;
  return [
    { kind: 'switch', generation: nextGeneration, leadSeconds },
    {
      kind: 'await-cutover',
      old: name,
      new: freeName,
      limitSeconds: leadSeconds + lookBack.delaySeconds + CUTOVER_SECONDS,
    },
    gates(situation, freeName, { lagSeconds: LAG_SECONDS }),
    // The old one stays as it is, stopped: it is the way back until the next rollout takes its slot.
    { kind: 'stop', application: name },
  ];
}

function upload({ input }: Situation): Step[] {
  const { codeKey } = input.wanted.settings;
  const { live } = input.observed;
  const isThere = live?.codeKey === codeKey && live.bucket === input.wanted.settings.bucket;
  return isThere ? [] : [{ kind: 'upload', codeKey }];
}

function tag(changes: readonly Change[], { name, input }: Situation): Step[] {
  if (!changes.some(({ code }) => code === 'tag')) return [];
  return [{ kind: 'tag', application: name, tags: { ...input.wanted.tags } }];
}

function tagNew(application: string, tags: Readonly<Record<string, string>>): Step[] {
  return Object.keys(tags).length === 0 ? [] : [{ kind: 'tag', application, tags: { ...tags } }];
}

function register({ nextGeneration, slot, freeSlot }: Situation, shadow: boolean): Step {
  return { kind: 'register', generation: nextGeneration, slot: shadow ? freeSlot : slot, shadow };
}

function measure({ name, lookBack, finished }: Situation): Step {
  return {
    kind: 'measure',
    application: name,
    lookBackSeconds: lookBackSeconds(lookBack),
    marginSeconds: MARGIN_SECONDS,
    ...(finished !== undefined && { finishedUntil: finished.second }),
  };
}

function gates(
  { input, replaySeconds }: Situation,
  application: string,
  more: { lagSeconds?: number; compareWith?: number } = {},
): Step {
  const healthySeconds = HEALTHY_SECONDS + 2 * input.wanted.settings.checkpointIntervalSeconds;
  // What is read again is read faster than it was written.
  const limitSeconds = healthySeconds + (more.lagSeconds === undefined ? 0 : replaySeconds);
  return { kind: 'gates', application, ...more, limitSeconds };
}

/** Says what it is of; the time keeps it apart from that of a plan before. */
function snapshotName({ previousGeneration, input }: Situation): string {
  const time = input.now
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(':', '');
  return `generation-${previousGeneration ?? 0}-${time}`;
}
