import { speaking, wordsAt } from '../sql-tokens';
import { type Check, inFile } from './check';

const FUNCTIONS = [
  ...['TUMBLE', 'HOP', 'SESSION'].flatMap((kind) => [
    kind,
    `${kind}_START`,
    `${kind}_END`,
    `${kind}_ROWTIME`,
  ]),
];

export const legacyWindow: Check = {
  code: 'legacy-window',
  help: 'window functions in GROUP BY are deprecated in Flink: FROM TABLE(TUMBLE(…)) does the same and more',
  stops: 'review',
  find: (checked) =>
    checked.files.flatMap((file) => {
      const tokens = speaking(file.tokens);
      return tokens.flatMap(({ kind, text, line }, index) => {
        const called =
          kind === 'word' && FUNCTIONS.includes(text.toUpperCase()) && tokens[index + 1]?.text === '(';
        if (!called || wordsAt(tokens, index - 2, 'TABLE', '(')) return [];
        const message = `${text.toUpperCase()}(…) outside FROM TABLE(…) is the old form: write FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rowtime), INTERVAL '1' SECOND)) and group by window_start, window_end`;
        return [inFile(checked, file, line, message)];
      });
    }),
};
