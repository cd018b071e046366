import { didYouMean } from '../did-you-mean';
import { findPlaceholders, type Placeholder } from '../placeholders';
import { type Check, type Checked, type Finding, inFile } from './check';

function placeholderCheck(
  code: string,
  help: string,
  problem: (placeholder: Placeholder, checked: Checked) => string | undefined,
): Check {
  return {
    code,
    help,
    stops: 'run',
    find: (checked): Finding[] =>
      checked.files.flatMap((file) =>
        findPlaceholders(file.sql).flatMap((placeholder) => {
          const message = problem(placeholder, checked);
          return message === undefined ? [] : [inFile(checked, file, placeholder.line, message)];
        }),
      ),
  };
}

export const placeholderForm = placeholderCheck(
  'placeholder-form',
  'a placeholder is ${parameter} or ${parameter - 1s}, and nothing else is computed in it',
  ({ text, name }) =>
    name === undefined
      ? `\${${text}} is no placeholder: write \${parameter}, or \${parameter - 1s} for a duration`
      : undefined,
);

export const unknownParameter = placeholderCheck(
  'parameter-unknown',
  'a parameter that SQL uses must be declared in application.json',
  ({ name }, { definition }) =>
    name === undefined || definition.parameters[name] !== undefined
      ? undefined
      : `\${${name}} is no parameter${didYouMean(name, Object.keys(definition.parameters))}: declare it in application.json`,
);

export const placeholderArithmetic = placeholderCheck(
  'placeholder-arithmetic',
  'only a duration can be made shorter',
  ({ text, name = '', less }, { definition }) => {
    const type = definition.parameters[name]?.type;
    return less === undefined || type === undefined || type === 'duration'
      ? undefined
      : `\${${text}} subtracts from ${name}, which is ${type}: only a duration can be made shorter`;
  },
);
