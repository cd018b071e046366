import { isAt } from '../difference';
import { kindOf } from '../plan-graph';
import { type FieldRule, WITHOUT_STATE } from './rule';
import { optionOf } from './source-stream';

/** Columns, their types, computed columns, metadata, and the options of the format that fills them. */
export const sourceColumns: FieldRule = {
  code: 'source-columns',
  verdict: 'incompatible',
  help: 'other columns of what is read, or another way to fill them: the state was built from the old ones',
  way: WITHOUT_STATE,
  judge: ({ difference, wanted }) => {
    const option = optionOf(difference, 'scanTableSource');
    const isColumn =
      isAt(difference, 'scanTableSource', 'table', 'resolvedTable', 'schema', 'columns') ||
      isAt(difference, 'scanTableSource', 'abilities') ||
      (kindOf(wanted) === 'table-source-scan' && isAt(difference, 'outputType'));
    return isColumn || option === 'format' || option?.startsWith('json.') === true
      ? 'the columns of what is read are others or filled otherwise, and the state was built from the old ones'
      : undefined;
  },
};
