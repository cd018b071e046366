import type { ObservedApplication } from '../service/application';
import { fileChanges } from './file-changes';
import type { Change } from './plan';
import type { ObservedWorld, PlanInput, WantedApplication } from './plan-input';
import { settingChanges, tagChanges } from './setting-changes';
import { type StoppedState, stoppedState } from './stopped-state';

/**
 * What differs between what is there and what is wanted: tags, settings, parameters, files, the code that runs them,
 * and a stopped application's state that is not of its version. Pure; empty where everything is as wanted.
 */
export function changesOf(input: PlanInput): Change[] {
  const { observed, wanted, verdicts } = input;
  if (observed.live === undefined) return [];
  return [
    ...tagChanges(observed.tags, wanted.tags),
    ...settingChanges(observed.live, wanted.settings),
    ...fileChanges(observed.live, observed.deployed, wanted, verdicts),
    ...stateChanges(observed.live, stoppedState(input)),
  ];
}

/** Whether nothing but what the service changes without a restart differs. */
export function onlyTags(changes: readonly Change[]): boolean {
  return changes.length > 0 && changes.every(({ verdict }) => verdict === 'none');
}

/** Whether the SQL that runs, or the code that plans it, differs: only then are both compiled. */
export function sqlMayDiffer(observed: ObservedWorld, wanted: WantedApplication): boolean {
  if (observed.live === undefined || observed.deployed === undefined) return true;
  return fileChanges(observed.live, observed.deployed, wanted, []).length > 0;
}

function stateChanges(live: ObservedApplication, state: StoppedState): Change[] {
  const reverse = 'cannot be undone: the state is not there';
  switch (state.kind) {
    case 'running':
    case 'never ran':
    case 'of this version':
      return [];
    case 'of another version':
      return [
        {
          what: 'state',
          from: `version ${state.snapshot.version}`,
          to: `version ${live.version}`,
          verdict: 'incompatible',
          code: 'state-of-another-version',
          reason: `the newest snapshot, ${state.snapshot.name}, is of version ${state.snapshot.version}, and what it was changed to since may misread it`,
          reverse,
        },
      ];
    case 'none':
      return [
        {
          what: 'state',
          to: `version ${live.version}`,
          verdict: 'incompatible',
          code: 'state-absent',
          reason: 'it ran and was stopped without a snapshot that is still there',
          reverse,
        },
      ];
  }
}
