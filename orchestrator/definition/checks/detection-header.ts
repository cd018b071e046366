import { type Check, detections, inFile, type SqlFile } from './check';

/** What the comment at the top of a detection tells its reviewer. */
export const headerFields = ['Question', 'Window', 'Limit', 'Speaks', 'Late data', 'State'] as const;

export const detectionHeader: Check = {
  code: 'header-field',
  help: 'a detection says at its top what it asks, over which window and limit, what late data does and how its state grows',
  stops: 'review',
  find: (checked) =>
    detections(checked).flatMap((file) => {
      const there = headerOf(file);
      const missing = headerFields.filter((field) => !there.has(field));
      if (missing.length === 0) return [];
      const lines = missing.map((field) => `"-- ${field}: …"`).join(', ');
      return [
        inFile(checked, file, 1, `its header lacks ${lines}: say it in comments before the first statement`),
      ];
    }),
};

/** The fields of a file's header, `-- Field:  text`, with their texts; a text goes on in the comments below it. */
export function headerOf({ tokens }: Pick<SqlFile, 'tokens'>): Map<string, string> {
  const fields = new Map<string, string>();
  let last = '';
  for (const { kind, text } of tokens) {
    if (kind !== 'comment') break;
    const field = /^--\s*([A-Z][A-Za-z ]*?):\s*(.*)$/.exec(text);
    if (field) {
      last = field[1] ?? '';
      fields.set(last, field[2] ?? '');
    } else if (last !== '') {
      fields.set(last, `${fields.get(last) ?? ''} ${text.replace(/^--\s*/, '')}`.trim());
    }
  }
  return fields;
}
