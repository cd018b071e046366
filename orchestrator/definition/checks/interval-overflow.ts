import { speaking } from '../sql-tokens';
import { type Check, inFile } from './check';

/** Flink's SQL reads two digits of a single unit unless told otherwise: INTERVAL '119' SECOND is refused. */
const MOST = 99;

export const intervalOverflow: Check = {
  code: 'interval-overflow',
  help: 'an interval literal holds two digits of its unit: longer ones are refused when the job starts',
  stops: 'run',
  find: (checked) =>
    checked.files.flatMap((file) => {
      const tokens = speaking(file.tokens);
      return tokens.flatMap(({ text, line }, index) => {
        if (text.toUpperCase() !== 'INTERVAL') return [];
        const [literal, unit, precision] = [tokens[index + 1], tokens[index + 2], tokens[index + 3]];
        const amount = /^'(\d+)'$/.exec(literal?.text ?? '')?.[1];
        const isSingle = /^(SECOND|MINUTE|HOUR|DAY)S?$/i.test(unit?.text ?? '') && precision?.text !== '(';
        if (amount === undefined || !isSingle || tokens[index + 3]?.text.toUpperCase() === 'TO') return [];
        if (Number(amount) <= MOST) return [];
        const message = `INTERVAL ${literal?.text ?? ''} ${unit?.text ?? ''} has more than two digits, which Flink refuses: use a duration parameter, which is written in a form that fits`;
        return [inFile(checked, file, line, message)];
      });
    }),
};
