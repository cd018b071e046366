import { speaking, wordsAt } from '../sql-tokens';
import { type Check, inFile } from './check';

export const selectStar: Check = {
  code: 'select-star',
  help: 'with SELECT * a new column of a table changes what is written and what state holds, and no diff shows it',
  stops: 'review',
  find: (checked) =>
    checked.files.flatMap((file) => {
      const tokens = speaking(file.tokens);
      return tokens.flatMap(({ text, line }, index) => {
        const qualified = text === '*' && tokens[index - 1]?.text === '.';
        const bare =
          text === '*' &&
          (wordsAt(tokens, index - 1, 'SELECT') || wordsAt(tokens, index - 2, 'SELECT', 'DISTINCT'));
        return qualified || bare
          ? [inFile(checked, file, line, 'SELECT * is not allowed: name the columns')]
          : [];
      });
    }),
};
