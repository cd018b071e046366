import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../../../infra/local/processes/work-folder';

/** A row of a spec, or a paragraph that names tests: what is promised, and the tests that hold it. */
export interface SpecRule {
  readonly document: string;
  readonly rule: string;
  /** `…` in a name stands for anything. */
  readonly tests: readonly string[];
}

const documents = ['docs/local-event-sources.md', 'docs/local-kinesis.md'];

/** Every rule of the specs of the event sources and of Kinesis. */
export function specRules(): readonly SpecRule[] {
  return documents.flatMap((document) => {
    const text = readFileSync(join(repositoryRoot, document), 'utf8');
    const lines = text.split('\n');
    const rows = lines
      .filter((line) => line.startsWith('| ') && !/^\| (Behaviour|Limit) \|/.test(line))
      .map((line) => {
        const cells = line.split('|').slice(1, -1);
        return { document, rule: (cells[0] ?? '').trim(), tests: namesIn(cells.at(-1) ?? '') };
      });
    const paragraphs = text
      .split('\n\n')
      .filter((paragraph) => paragraph.startsWith('**') && namesIn(paragraph).length > 0)
      .map((paragraph) => ({
        document,
        rule: paragraph.slice(2, paragraph.indexOf('.')),
        tests: namesIn(paragraph),
      }));
    return [...rows, ...paragraphs];
  });
}

/** Whether a test of this title is meant by a name. */
export function isNamed(name: string, title: string): boolean {
  const parts = name.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(title);
}

function namesIn(markdown: string): string[] {
  const plain = markdown.replace(/\*\*[^*]*\*\*/g, '').replace(/\n/g, ' ');
  return [...plain.matchAll(/\*([^*]+)\*/g)].map(([, name = '']) => name);
}
