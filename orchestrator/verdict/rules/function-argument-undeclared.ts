import { changedArgument } from './function-argument-state';
import { type FieldRule, WITHOUT_STATE } from './rule';

export const functionArgumentUndeclared: FieldRule = {
  code: 'function-argument-undeclared',
  verdict: 'incompatible',
  help: 'an argument of a table function that does not declare what its state is built with',
  way: `${WITHOUT_STATE}; or declare the argument in functions.json`,
  judge: (change) => {
    const argument = changedArgument(change);
    return argument?.affects === 'undeclared'
      ? `${argument.of} does not declare whether its state is built with this argument`
      : undefined;
  },
};
