import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { runSpillway } from '../run-spillway';
import { billingArchive } from './billing-archive';

const page = readFileSync(resolve(__dirname, '../../../docs/billing.md'), 'utf8');

/** Each command of the page with the output that follows it, in order. */
function examples(): { command: string; output: string }[] {
  const blocks = [...page.matchAll(/```console\n(.*?)```/gs)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ spillway /m)
      .slice(1)
      .map((text) => ({
        command: text.slice(0, text.indexOf('\n')),
        output: text.slice(text.indexOf('\n') + 1),
      })),
  );
}

/** Without what another version of DuckDB writes otherwise: the files' sizes, and hashes over them. */
function plain(text: string, folder: string): string {
  return text
    .replaceAll(folder, 'ARCHIVE')
    .replace(/\b[0-9a-f]{12}\b/g, 'HASH')
    .replace(/[\d.]+ KB/g, 'SIZE');
}

test('each command of the page prints what the page shows', async () => {
  const archive = await billingArchive();
  try {
    const all = examples();
    expect(all.length).toBeGreaterThan(6);
    for (const { command, output } of all) {
      if (command.startsWith('billing plan')) {
        archive.change(
          'tiered-charge/definition.json',
          '"microUsdPerMillion": 1250000',
          '"microUsdPerMillion": 2000000',
        );
      }
      const args = command.replaceAll('ARCHIVE', archive.folder).split(' ');
      const ran = await runSpillway([...args, '--billing', archive.billing]);
      expect(`${command}\n${plain(ran.stdout, archive.folder)}`).toBe(
        `${command}\n${plain(output, archive.folder)}`,
      );
    }
  } finally {
    rmSync(archive.folder, { recursive: true, force: true });
  }
});
