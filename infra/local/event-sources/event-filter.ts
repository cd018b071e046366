/** Lambda's FilterCriteria: a record is delivered when it matches one of the patterns. */
export interface FilterCriteria {
  readonly Filters: readonly { readonly Pattern: string }[];
}

/** Whether a record, as JSON that filters look at, is to be delivered. */
export type EventFilter = (document: unknown) => boolean;

const mostFilters = 5;
const longestPattern = 4_096;

type Leaf = string | number | boolean | null;
/** Says of the values of one field whether a rule holds; none where the field is missing or an object. */
type Rule = (values: readonly Leaf[]) => boolean;

/**
 * Reads patterns as Lambda does (Developer Guide, "Control which events Lambda sends to your function"). Throws an
 * Error that names what Lambda would refuse.
 *
 * @param fields the fields of a record that a pattern may name; all when it is not given
 */
export function eventFilter({ Filters }: FilterCriteria, fields?: readonly string[]): EventFilter {
  if (Filters.length > mostFilters)
    throw new Error(`at most ${String(mostFilters)} filters, not ${String(Filters.length)}`);
  const filters = Filters.map(({ Pattern }) => patternOf(Pattern, fields));
  return filters.length === 0 ? () => true : (document) => filters.some((matches) => matches(document));
}

function patternOf(text: string, fields: readonly string[] | undefined): EventFilter {
  if (text.length > longestPattern)
    throw new Error(`a filter pattern is longer than ${String(longestPattern)} characters`);
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch (cause) {
    throw new Error(`the filter pattern ${text} is not JSON`, { cause });
  }
  if (!isObject(pattern)) throw new Error(`the filter pattern ${text} is not an object`);
  const foreign = fields && Object.keys(pattern).find((field) => !fields.includes(field));
  if (foreign !== undefined) {
    throw new Error(
      `a filter pattern of this event source may name ${fields?.join(', ') ?? ''}, not "${foreign}"`,
    );
  }
  return objectPattern(pattern, '');
}

function objectPattern(pattern: Readonly<Record<string, unknown>>, path: string): EventFilter {
  const parts = Object.entries(pattern).map(([field, part]): EventFilter => {
    const at = path === '' ? field : `${path}.${field}`;
    if (field === '$or' && Array.isArray(part) && part.every(isObject)) {
      const choices = part.map((choice) => objectPattern(choice, at));
      return (document) => choices.some((matches) => matches(document));
    }
    if (Array.isArray(part)) {
      if (part.length === 0) throw new Error(`the filter pattern has no rule for ${at}`);
      const rules = part.map((rule) => ruleOf(rule, at));
      return (document) => {
        const values = leavesOf(fieldOf(document, field));
        return rules.some((holds) => holds(values));
      };
    }
    if (!isObject(part)) throw new Error(`the filter pattern wants a list of rules or an object for ${at}`);
    const inner = objectPattern(part, at);
    return (document) => {
      const value = fieldOf(document, field);
      return Array.isArray(value) ? value.some((element) => inner(element)) : inner(value);
    };
  });
  if (parts.length === 0) throw new Error(`the filter pattern is empty${path === '' ? '' : ` at ${path}`}`);
  return (document) => parts.every((matches) => matches(document));
}

function ruleOf(rule: unknown, at: string): Rule {
  if (isLeaf(rule)) return (values) => values.includes(rule);
  const entries = isObject(rule) ? Object.entries(rule) : [];
  const [entry] = entries;
  if (entry === undefined || entries.length > 1)
    throw new Error(`the filter pattern has no rule that is known for ${at}`);
  const [name, operand] = entry;
  switch (name) {
    case 'exists':
      if (typeof operand === 'boolean') return (values) => values.length > 0 === operand;
      break;
    case 'prefix':
    case 'suffix':
    case 'equals-ignore-case': {
      const test = textTest(name, operand);
      if (test) return (values) => values.some(test);
      break;
    }
    case 'numeric': {
      const test = numericTest(operand);
      if (test) return (values) => values.some(test);
      break;
    }
    case 'anything-but': {
      const test = anythingBut(operand);
      if (test) return (values) => values.some((value) => !test(value));
      break;
    }
    default:
  }
  throw new Error(`the filter pattern has no rule that is known for ${at}: ${JSON.stringify(rule)}`);
}

function textTest(name: string, operand: unknown): ((value: Leaf) => boolean) | undefined {
  if (typeof operand !== 'string') return undefined;
  const wanted = operand.toLowerCase();
  switch (name) {
    case 'prefix':
      return (value) => typeof value === 'string' && value.startsWith(operand);
    case 'suffix':
      return (value) => typeof value === 'string' && value.endsWith(operand);
    default:
      return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
  }
}

/** What must not be there: a value, one of a list of values, or a beginning. */
function anythingBut(operand: unknown): ((value: Leaf) => boolean) | undefined {
  if (isLeaf(operand)) return (value) => value === operand;
  if (Array.isArray(operand)) {
    const values: unknown[] = operand;
    return values.length > 0 && values.every(isLeaf) ? (value) => values.includes(value) : undefined;
  }
  return isObject(operand) && Object.keys(operand).join() === 'prefix'
    ? textTest('prefix', operand['prefix'])
    : undefined;
}

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** `["=", 5]`, or a range such as `[">", 0, "<=", 5]`. */
function numericTest(operand: unknown): ((value: Leaf) => boolean) | undefined {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) return undefined;
  const parts: unknown[] = operand;
  const tests: ((value: number) => boolean)[] = [];
  for (let i = 0; i < parts.length; i += 2) {
    const [name, bound] = [parts[i], parts[i + 1]];
    const compare = typeof name === 'string' ? comparisons[name] : undefined;
    if (compare === undefined || typeof bound !== 'number') return undefined;
    tests.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && tests.every((holds) => holds(value));
}

function leavesOf(value: unknown): readonly Leaf[] {
  if (isLeaf(value)) return [value];
  return Array.isArray(value) ? value.filter(isLeaf) : [];
}

function fieldOf(document: unknown, field: string): unknown {
  return isObject(document) && Object.hasOwn(document, field) ? document[field] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLeaf(value: unknown): value is Leaf {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
