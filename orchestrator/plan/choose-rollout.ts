import { UserFault } from '../user-fault';
import { gravestVerdict } from './attribute-verdicts';
import { onlyTags } from './changes';
import { costOf } from './cost';
import type { Change, RolloutKind } from './plan';
import type { Situation } from './situation';

export interface Choice {
  rollout: RolloutKind;
  /** Others that would do too, the cheapest first. */
  alternatives: RolloutKind[];
}

/** Rollouts that a person may ask for. */
export const CHOOSABLE: readonly RolloutKind[] = ['settings', 'restart', 'replay', 'handover'];

/**
 * The cheapest rollout that misses nothing, or the one that was asked for where it is safe. Throws a UserFault that
 * says why where it is not. Pure.
 */
export function chooseRollout(changes: readonly Change[], situation: Situation): Choice {
  const { options } = situation.input;
  const possible = possibleRollouts(changes, situation);
  if (options.shadow === true) return shadow(changes, situation);
  if (options.rollout !== undefined) {
    const asked = options.rollout;
    const reason = whyNot(asked, changes, situation);
    if (reason !== undefined) throw new UserFault(`--rollout ${asked}: ${reason}`);
    return withinPause(
      { rollout: asked, alternatives: possible.filter((kind) => kind !== asked) },
      situation,
      true,
    );
  }
  const [rollout = 'none', ...alternatives] = possible;
  return withinPause({ rollout, alternatives }, situation, false);
}

/** The rollouts that bring these changes in, the cheapest first. */
function possibleRollouts(changes: readonly Change[], situation: Situation): RolloutKind[] {
  const { state, runs, input } = situation;
  if (input.observed.live === undefined) return ['create'];
  if (changes.length === 0) return [runs ? 'none' : 'start'];
  if (onlyTags(changes)) return [runs ? 'settings' : 'start'];
  const kinds: RolloutKind[] = ['restart', 'replay', 'handover'];
  return kinds.filter((kind) => {
    // A replay that cannot be told where to begin loses something: only where nothing better is there.
    if (kind === 'replay' && !situation.rolloutParameters) return gravestVerdict(changes) === 'incompatible';
    return (
      whyNot(kind, changes, situation) === undefined && !(kind === 'replay' && state.kind === 'never ran')
    );
  });
}

/** Why a rollout cannot be used here; undefined where it can. */
function whyNot(kind: RolloutKind, changes: readonly Change[], situation: Situation): string | undefined {
  const { input, runs, rolloutParameters } = situation;
  if (input.observed.live === undefined) return 'there is no application yet: its first apply creates it';
  // What never ran has no state that could be misread.
  const hasState = situation.state.kind !== 'never ran';
  const gravest = hasState ? changes.find(({ verdict }) => verdict === 'incompatible') : undefined;
  const untold = 'the definition does not declare generation, cutover, start and start_at';
  switch (kind) {
    case 'settings': {
      const other = changes.find(({ verdict }) => verdict !== 'none');
      return other && `${other.what} needs a restart (${other.code}: ${other.reason})`;
    }
    case 'restart':
      if (gravest !== undefined) {
        return `it would carry state that the new release misreads: ${gravest.what} is incompatible (${gravest.code}: ${gravest.reason}). Use replay or handover`;
      }
      return changes.length === 0 && !rolloutParameters ? 'nothing differs' : undefined;
    case 'replay':
      if (rolloutParameters || gravest !== undefined) return undefined;
      return `${untold}, so that state would be lost without need`;
    case 'handover':
      if (!rolloutParameters) return `${untold}, so that two cannot share the stream's time`;
      return runs ? undefined : `${input.application} does not run, so that nothing can be handed over`;
    case 'none':
    case 'create':
    case 'start':
    case 'shadow':
      return `it is not a rollout to ask for; there are ${CHOOSABLE.join(', ')}`;
  }
}

function shadow(changes: readonly Change[], situation: Situation): Choice {
  const { runs, input } = situation;
  const reason = whyNot('handover', changes, situation);
  if (reason !== undefined) throw new UserFault(`--shadow: ${reason}`);
  if (input.options.rollout !== undefined) {
    throw new UserFault('--shadow and --rollout exclude each other: a shadow changes nothing of what runs');
  }
  return { rollout: runs ? 'shadow' : 'none', alternatives: [] };
}

/** The first choice whose pause is accepted. */
function withinPause(choice: Choice, situation: Situation, asked: boolean): Choice {
  const longest = situation.input.options.maxPauseSeconds;
  if (longest === undefined) return choice;
  const pause = (kind: RolloutKind): number => costOf(kind, situation).pauseSeconds;
  const kinds = [choice.rollout, ...choice.alternatives];
  const fitting = kinds.filter((kind) => pause(kind) <= longest);
  const [rollout] = fitting;
  if (rollout === undefined || (asked && rollout !== choice.rollout)) {
    const pauses = kinds.map((kind) => `${kind} about ${pause(kind)} s`).join(', ');
    throw new UserFault(
      `--max-pause ${longest}s: ${asked ? choice.rollout : 'every rollout'} pauses longer (${pauses})`,
    );
  }
  return { rollout, alternatives: kinds.filter((kind) => kind !== rollout) };
}
