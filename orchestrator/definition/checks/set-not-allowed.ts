import { didYouMean } from '../did-you-mean';
import { speaking, wordsAt } from '../sql-tokens';
import { type Check, inFile } from './check';

/**
 * What a definition may SET: the runner's own list (flink-sql/runner, Settings.java; a test holds both equal), whose
 * source is Managed Flink's developer guide, "Programmatic Flink configuration properties".
 */
export const allowedSettings = [
  'pipeline.auto-watermark-interval',
  'pipeline.generic-types',
  'pipeline.max-parallelism',
  'pipeline.object-reuse',
  'pipeline.operator-chaining.enabled',
  'table.exec.async-lookup.buffer-capacity',
  'table.exec.async-lookup.output-mode',
  'table.exec.async-lookup.timeout',
  'table.exec.mini-batch.allow-latency',
  'table.exec.mini-batch.enabled',
  'table.exec.mini-batch.size',
  'table.exec.sink.not-null-enforcer',
  'table.exec.state.ttl',
  'table.optimizer.agg-phase-strategy',
  'table.optimizer.distinct-agg.split.enabled',
] as const;

export const setNotAllowed: Check = {
  code: 'set-not-allowed',
  help: 'Managed Flink fails a job that sets a property outside its list',
  stops: 'run',
  find: (checked) =>
    checked.files.flatMap((file) => {
      const tokens = speaking(file.tokens);
      return tokens.flatMap((token, index) => {
        const begins = index === 0 || tokens[index - 1]?.text === ';';
        const key = tokens[index + 1];
        if (!begins || !wordsAt(tokens, index, 'SET') || key?.kind !== 'string') return [];
        const name = key.text.slice(1, -1);
        if ((allowedSettings as readonly string[]).includes(name)) return [];
        const message = `"${name}" may not be set here${didYouMean(name, allowedSettings)}; allowed are ${allowedSettings.join(', ')}`;
        return [inFile(checked, file, key.line, message)];
      });
    }),
};
