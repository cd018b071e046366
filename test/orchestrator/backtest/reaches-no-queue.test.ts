import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

// Nothing that a backtest finds can reach a stream, a queue or a function: no code that could send it there is loaded.
const root = resolve(__dirname, '../../..');

/** Packages that a file and all that it imports load, types left out, and the files on the way. */
function loaded(entry: string): { packages: Set<string>; files: Set<string> } {
  const packages = new Set<string>();
  const files = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const name of importsOf(file)) {
      if (!name.startsWith('.')) packages.add(name);
      else waiting.push(`${join(dirname(file), name)}.ts`);
    }
  }
  return { packages, files };
}

function importsOf(file: string): string[] {
  if (!existsSync(file)) throw new Error(`${relative(root, file)} is imported and not there`);
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
  return source.statements.flatMap((statement) => {
    const isImport = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
    if (!isImport || statement.moduleSpecifier === undefined) return [];
    const clause = ts.isImportDeclaration(statement) ? statement.importClause : undefined;
    const bindings = clause?.namedBindings;
    const onlyTypes =
      clause?.phaseModifier === ts.SyntaxKind.TypeKeyword ||
      (ts.isExportDeclaration(statement) && statement.isTypeOnly) ||
      (bindings !== undefined &&
        ts.isNamedImports(bindings) &&
        clause?.name === undefined &&
        bindings.elements.every((element) => element.isTypeOnly));
    return onlyTypes ? [] : [(statement.moduleSpecifier as ts.StringLiteral).text];
  });
}

test('the command loads nothing that can send', () => {
  const { packages, files } = loaded(join(root, 'orchestrator/commands/backtest.ts'));
  expect(files.size).toBeGreaterThan(20);
  expect([...packages].filter((name) => !name.startsWith('node:')).sort()).toEqual([
    '@duckdb/node-api',
    'zod',
  ]);
  expect([...packages].filter((name) => /^node:(https?|net|tls|dgram)/.test(name))).toEqual([]);
});

test('the program on Flink has files on both sides', () => {
  const folder = join(root, 'flink-sql/runner/src/test/java/spillway/runner/backtest');
  const texts = [
    'BacktestMain',
    'ArchiveSource',
    'ArchiveTableFactory',
    'FilingTableFactory',
    'RunFiles',
  ].map((name) => readFileSync(join(folder, `${name}.java`), 'utf8'));
  const imports = texts.flatMap((text) =>
    [...text.matchAll(/^import (?:static )?([\w.]+);/gm)].map(([, name]) => name),
  );
  expect(imports.filter((name) => /awssdk|kinesis\.(client|sink)|java\.net|sqs/i.test(name ?? ''))).toEqual(
    [],
  );
});
