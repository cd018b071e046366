import { isAt } from '../difference';
import { kindOf, memberOf } from '../plan-graph';
import { type FieldChange, type FieldRule, WITHOUT_STATE } from './rule';

/** What a changed argument of a table function, or a column of a table argument, is declared to be. */
export interface ChangedArgument {
  /** As SQL says it. */
  readonly of: string;
  readonly affects: 'state' | 'output' | 'undeclared';
}

/** Undefined where no argument changes. */
export function changedArgument({ wanted, difference, functions }: FieldChange): ChangedArgument | undefined {
  if (!isFunction(wanted) || !isAt(difference, 'functionCall', 'operands', '*')) return undefined;
  const of = functionName(wanted);
  const declared = functions.get(of.toUpperCase());
  if (declared === undefined) return { of, affects: 'undeclared' };
  const column = columnOf(wanted, difference.path);
  if (column !== undefined) return { of, affects: affects(declared, column) };
  // A plan has the values of the other arguments and not their names: one that cannot be told from one of the state is one.
  const columns = allColumns(wanted);
  const names = (list: readonly string[]): string[] => list.filter((name) => !columns.includes(name));
  const ofState = names(declared.state).length - tablesOf(wanted).length;
  return { of, affects: names(declared.output).length > 0 && ofState <= 0 ? 'output' : 'state' };
}

function affects(
  declared: { readonly state: readonly string[]; readonly output: readonly string[] },
  name: string,
): ChangedArgument['affects'] {
  if (declared.state.includes(name)) return 'state';
  return declared.output.includes(name) ? 'output' : 'undeclared';
}

export function isFunction(node: FieldChange['wanted']): boolean {
  return kindOf(node) === 'process-table-function';
}

/** `SLIDING_HEAT` of "`default_catalog`.`default_database`.`SLIDING_HEAT`". */
export function functionName(node: FieldChange['wanted']): string {
  const call = memberOf(node, 'functionCall');
  const name = [memberOf(call, 'catalogName'), memberOf(call, 'systemName'), memberOf(call, 'internalName')];
  const text = name.find((each): each is string => typeof each === 'string') ?? '?';
  return text.replaceAll('`', '').split('.').at(-1) ?? text;
}

/** The columns of a function's first table argument, by their place. */
export function columnsOfTable(node: FieldChange['wanted'], operand: string): string[] {
  const fields = memberOf(node, 'functionCall', 'operands', operand, 'type', 'fields');
  return Array.isArray(fields) ? fields.map((field: unknown) => String(memberOf(field, 'name'))) : [];
}

function columnOf(node: FieldChange['wanted'], path: readonly string[]): string | undefined {
  const [, , operand = '', type, fields, index = ''] = path;
  return type === 'type' && fields === 'fields' ? columnsOfTable(node, operand)[Number(index)] : undefined;
}

/** The places of the arguments that are tables. */
export function tablesOf(node: FieldChange['wanted']): string[] {
  const operands = memberOf(node, 'functionCall', 'operands');
  if (!Array.isArray(operands)) return [];
  return operands.flatMap((each: unknown, place) =>
    memberOf(each, 'kind') === 'TABLE_ARG_CALL' ? [String(place)] : [],
  );
}

function allColumns(node: FieldChange['wanted']): string[] {
  return tablesOf(node).flatMap((operand) => columnsOfTable(node, operand));
}

export const functionArgumentState: FieldRule = {
  code: 'function-argument-state',
  verdict: 'incompatible',
  help: 'an argument with which a table function built its state (its window, say)',
  way: WITHOUT_STATE,
  judge: (change) => {
    const argument = changedArgument(change);
    return argument?.affects === 'state'
      ? `${argument.of} declares that its state is built with this argument`
      : undefined;
  },
};
