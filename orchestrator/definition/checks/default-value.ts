import { checkParameter } from '../parameters';
import type { Checked, Finding } from './check';
import { type Check, inJson } from './check';

/** A default that its own declaration refuses. The two codes are those of values that environments give. */
function defaultCheck(code: 'parameter-ill-typed' | 'parameter-bounds', help: string): Check {
  return {
    code,
    help,
    stops: 'run',
    find: (checked: Checked): Finding[] =>
      Object.entries(checked.definition.parameters).flatMap(([name, declaration]) => {
        if (declaration.default === undefined) return [];
        const result = checkParameter(declaration, declaration.default);
        if (result.ok || result.code !== code) return [];
        return [inJson(checked, ['parameters', name, 'default'], `${name}: its default ${result.reason}`)];
      }),
  };
}

export const illTypedDefault = defaultCheck(
  'parameter-ill-typed',
  'a value must be of the type its parameter declares',
);
export const defaultOutOfBounds = defaultCheck(
  'parameter-bounds',
  'a value must lie within the bounds its parameter declares',
);
