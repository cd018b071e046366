import { isAt } from '../difference';
import { isStateful, kindOf, memberOf, type PlanNode } from '../plan-graph';
import { type FieldRule, WITH_STATE } from './rule';

/** With NOT NULL columns Flink puts an operator of its own before the sink, which is another shape of the job. */
export const sinkColumns: FieldRule = {
  code: 'sink-columns',
  verdict: 'compatible',
  help: 'other columns of what is written, all of them nullable: no state was built with them',
  way: WITH_STATE,
  judge: ({ deployed, wanted, difference }) =>
    kindOf(wanted) === 'sink' &&
    !isStateful(wanted) &&
    (isAt(difference, 'dynamicTableSink', 'table', 'resolvedTable', 'schema', 'columns') ||
      isAt(difference, 'outputType')) &&
    [deployed, wanted].every((sink) => !JSON.stringify(schemaOf(sink)).includes('NOT NULL'))
      ? 'the columns only decide what is written from now on'
      : undefined,
};

function schemaOf(sink: PlanNode): unknown {
  return memberOf(sink, 'dynamicTableSink', 'table', 'resolvedTable', 'schema');
}
