import { parseArgs } from 'node:util';
import type { BenchResult } from './bench';
import { estimatorBench } from './estimator';

const benches: Readonly<Record<string, () => BenchResult>> = { estimator: estimatorBench };

const help = `Measures a claim against a baseline in the same run.

  npm run bench -- NAME            NAME is one of: ${Object.keys(benches).join(', ')}
  npm run bench -- NAME --json     one JSON document on stdout
`;

function run(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [name] = positionals;
  const bench = name === undefined ? undefined : benches[name];
  if (values.help || bench === undefined) {
    if (name !== undefined && bench === undefined) process.stderr.write(`There is no bench "${name}".\n\n`);
    process.stdout.write(help);
    return values.help ? 0 : 1;
  }
  const result = bench();
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : text(result));
  return 0;
}

function text({ bench, aims }: BenchResult): string {
  const lines = aims.map(
    ({ name, aim, measured, unit, met }) =>
      `  ${met ? 'met    ' : 'not met'}  ${name}: ${measured} ${unit} (aim: ${aim})\n`,
  );
  return `${bench}\n${lines.join('')}`;
}

process.exitCode = run(process.argv.slice(2));
