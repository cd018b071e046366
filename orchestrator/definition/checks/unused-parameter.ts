import { findPlaceholders } from '../placeholders';
import { type Check, inJson } from './check';

export const unusedParameter: Check = {
  code: 'parameter-unused',
  help: 'a parameter that no SQL file uses would change nothing when it is changed',
  stops: 'run',
  find: (checked) => {
    const used = new Set(checked.files.flatMap(({ sql }) => findPlaceholders(sql).map(({ name }) => name)));
    return Object.keys(checked.definition.parameters)
      .filter((name) => !used.has(name))
      .map((name) =>
        inJson(
          checked,
          ['parameters', name],
          `${name} is used by no SQL file: changing it would change nothing. Use it or remove it`,
        ),
      );
  },
};
