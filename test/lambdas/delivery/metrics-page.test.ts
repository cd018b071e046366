import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runbookNames } from '../../../infra/constructs/operations/alarms';
import { spillwayMetrics } from '../../../lambdas/contracts/metrics';
import { decisionKinds } from '../../../lambdas/suspender/store';

const root = join(__dirname, '../../..');
const page = readFileSync(join(root, 'docs/metrics.md'), 'utf8');

/** The files of a folder and of those in it, by their paths from the project's. */
function filesOf(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file));
}

const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('the page has every metric, with its unit, its dimensions and who writes it, and no other', () => {
  expect(
    rows.map(([, name, unit, dimension, writer]) => [
      name,
      unit,
      dimension?.split(',')[0]?.replaceAll('`', ''),
      writer,
    ]),
  ).toEqual(
    Object.entries(spillwayMetrics)
      .map(([name, { unit, dimensions, writer }]) => [`\`${name}\``, unit, dimensions[0], writer])
      .sort((one, other) => orderOnPage(one[0]) - orderOnPage(other[0])),
  );
});

function orderOnPage(name: string | undefined): number {
  return rows.findIndex((row) => row[1] === name);
}

test('the page has every alarm', () => {
  for (const name of runbookNames) expect(page).toContain(`[${name}](runbooks/${name}.md)`);
});

test('the page has every event that a function logs', () => {
  const written = filesOf('lambdas', '.ts').flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/^\s*(?:log\(\{.*)?\bevent: '([a-z-]+)'/gm)].map(
      ([, event = '']) => event,
    ),
  );
  expect(written.length).toBeGreaterThan(10);
  const missing = [...written, ...decisionKinds].filter((event) => !page.includes(`\`${event}\``));
  expect(missing).toEqual([]);
});

/** Every test that a page names, as the file's name and the beginning of the test's. */
function namedTests(text: string): { file: string; title: string | undefined }[] {
  const found = text.matchAll(/`([\w/-]+\.test\.ts|[A-Z]\w+Test)`((?:, \*[^*]+\*)*)/g);
  return [...found].flatMap(([, file = '', titles = '']) => {
    const named = [...titles.matchAll(/\*([^*]+?)…?\*/g)].map(([, title]) => title);
    return named.length === 0 ? [{ file, title: undefined }] : named.map((title) => ({ file, title }));
  });
}

test('every test that the page on failures names is there', () => {
  const failures = readFileSync(join(root, 'docs/failures.md'), 'utf8');
  const files = [...filesOf('test', '.test.ts'), ...filesOf('flink-sql/kinesis-connector/src/test', '.java')];
  const named = namedTests(failures);
  expect(named.length).toBeGreaterThan(25);
  const missing = named.filter(({ file, title }) => {
    const path = files.find((one) => one.endsWith(`/${file}`) || one.endsWith(`/${file}.java`));
    return path === undefined || !readFileSync(join(root, path), 'utf8').includes(title ?? '');
  });
  expect(missing).toEqual([]);
});
