import { speaking, wordsAt } from '../sql-tokens';
import { type Check, inFile, type SqlFile } from './check';

/**
 * What keeps state that no window clears: LAG and FIRST_VALUE over all rows before, a frame without a lower bound, a
 * join of two streams. With `table.exec.state.ttl` set anywhere in the application its state has an end.
 * `validate --plan` looks at the plan's own nodes and knows more.
 */
export const unboundedState: Check = {
  code: 'state-unbounded',
  help: 'state that no window and no time to live ends grows until the application fails',
  stops: 'review',
  find: (checked) => {
    if (checked.files.some(setsStateTtl)) return [];
    return checked.files.flatMap((file) => {
      const tokens = speaking(file.tokens);
      return tokens.flatMap(({ line }, index) => {
        const what = unboundedAt(tokens, index);
        if (what === undefined) return [];
        const message = `${what} keeps state that nothing ends: SET 'table.exec.state.ttl' to two windows or more at the top of the file`;
        return [inFile(checked, file, line, message)];
      });
    });
  },
};

function unboundedAt(tokens: ReturnType<typeof speaking>, index: number): string | undefined {
  if (wordsAt(tokens, index, 'LAG', '(')) return 'LAG';
  if (wordsAt(tokens, index, 'UNBOUNDED', 'PRECEDING')) return 'UNBOUNDED PRECEDING';
  if (!wordsAt(tokens, index, 'JOIN')) return undefined;
  // Unnesting and table functions hold no state; a temporal join looks into one side only.
  const isStateless = wordsAt(tokens, index + 1, 'UNNEST') || wordsAt(tokens, index + 1, 'LATERAL');
  return isStateless ||
    tokens.slice(index).some((_, ahead) => wordsAt(tokens, index + ahead, 'FOR', 'SYSTEM_TIME'))
    ? undefined
    : 'JOIN';
}

function setsStateTtl({ tokens }: SqlFile): boolean {
  return tokens.some(({ kind, text }) => kind === 'string' && text === "'table.exec.state.ttl'");
}
