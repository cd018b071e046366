import { isAt } from '../difference';
import { memberOf } from '../plan-graph';
import { isFunction } from './function-argument-state';
import { type FieldRule, WITHOUT_STATE } from './rule';

export const functionUid: FieldRule = {
  code: 'function-uid',
  verdict: 'incompatible',
  help: 'another uid of a table function: its state lies under the old one',
  way: `${WITHOUT_STATE}; or keep the uid`,
  judge: ({ deployed, wanted, difference }) => {
    if (!isFunction(wanted) || deployed['uid'] === wanted['uid']) return undefined;
    // The plan says it twice: as the node's, and among the call's arguments.
    const operands = memberOf(wanted, 'functionCall', 'operands');
    const last = String((Array.isArray(operands) ? operands.length : 0) - 1);
    return isAt(difference, 'uid') || isAt(difference, 'functionCall', 'operands', last)
      ? `its state lies under the uid ${String(deployed['uid'])}, and nothing looks for it there any more`
      : undefined;
  },
};
