import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchResult } from './bench';

/** What a file `NAME.bench.ts` of this folder exports. */
interface BenchFile {
  /** Measures. May tell how it goes on stderr; what it answers is printed. */
  bench(): BenchResult | Promise<BenchResult>;
}

const ending = '.bench.ts';
const names = readdirSync(__dirname)
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length))
  .sort();

const help = `Measures a claim against a baseline in the same run.

  npm run bench -- NAME            NAME is one of: ${names.join(', ')}
  npm run bench -- NAME --json     one JSON document on stdout
`;

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [name] = positionals;
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  if (name === undefined || !names.includes(name)) {
    process.stderr.write(
      `${name === undefined ? 'Which bench?' : `There is no bench "${name}".`}\n\n${help}`,
    );
    return 1;
  }
  const { bench } = module.require(resolve(__dirname, name + ending)) as BenchFile;
  const result = await bench();
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

run(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (cause: unknown) => {
    process.stderr.write(
      `The bench failed: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`,
    );
    process.exitCode = 1;
  },
);
