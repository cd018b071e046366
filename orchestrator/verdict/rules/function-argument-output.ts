import { kindOf, memberOf, type PlanGraph, type PlanNode } from '../plan-graph';
import {
  changedArgument,
  columnsOfTable,
  functionName,
  isFunction,
  tablesOf,
} from './function-argument-state';
import { type FieldChange, type FieldRule, WITH_STATE } from './rule';

/** A table function's limit, for example: as an argument, or as a column of its table argument. */
export const functionArgumentOutput: FieldRule = {
  code: 'function-argument-output',
  verdict: 'compatible',
  help: 'an argument, or a column, that a table function declares to decide only what it puts out',
  way: `${WITH_STATE}; the new value holds for a key from its next row`,
  judge: (change) => {
    if (isFunction(change.wanted)) {
      const argument = changedArgument(change);
      return argument?.affects === 'output' && !change.graph.hasStateAfter(change.wanted)
        ? `${argument.of} declares that this argument only decides what it puts out`
        : undefined;
    }
    const column = columnOf(change);
    if (column === undefined) return undefined;
    const readers = tableReaders(change.graph, change.wanted);
    const isOutput = (reader: PlanNode): boolean => onlyPutOut(change, reader, column);
    return readers.length > 0 && readers.every(isOutput)
      ? `${[...new Set(readers.map(functionName))].join(', ')} declares that this column only decides what it puts out`
      : undefined;
  },
};

/** The place of the one column that changes. */
function columnOf({ wanted, difference: { path } }: FieldChange): number | undefined {
  const index = kindOf(wanted) === 'calc' && path[0] === 'projection' ? path[1] : typeOfColumn(path);
  return index === undefined ? undefined : Number(index);
}

function typeOfColumn([outputType, fields, index, what]: readonly string[]): string | undefined {
  return outputType === 'outputType' && fields === 'fields' && what === 'fieldType' ? index : undefined;
}

/** The nodes that read the columns as they are, in the same places. */
function tableReaders(graph: PlanGraph, node: PlanNode): PlanNode[] {
  if (!['calc', 'exchange'].includes(kindOf(node))) return [];
  return graph
    .readers(node)
    .flatMap((reader) => (kindOf(reader) === 'exchange' ? tableReaders(graph, reader) : [reader]));
}

function onlyPutOut({ functions, graph }: FieldChange, reader: PlanNode, column: number): boolean {
  const [table, ...more] = tablesOf(reader);
  if (!isFunction(reader) || table === undefined || more.length > 0 || graph.hasStateAfter(reader))
    return false;
  const keys = [memberOf(reader, 'functionCall', 'operands', table, 'partitionKeys')].flat();
  const name = columnsOfTable(reader, table)[column];
  const declared = functions.get(functionName(reader).toUpperCase());
  return name !== undefined && !keys.includes(column) && declared?.output.includes(name) === true;
}
