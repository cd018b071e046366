import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { bundling } from '../../../infra/constructs/bundling';

/** A function as it would be uploaded. */
export interface Bundle {
  readonly name: string;
  readonly file: string;
  readonly codeBytes: number;
  /** Code and source map, as in the file that Lambda gets. */
  readonly zipBytes: number;
}

/** Bundles one file of this repository by the options that CDK's NodejsFunction is given, and as it calls esbuild. */
export async function bundle(name: string, entry: string, folder: string): Promise<Bundle> {
  mkdirSync(join(folder, name), { recursive: true });
  const file = join(folder, name, 'index.js');
  const { format, target, minify, sourceMap, sourcesContent } = bundling;
  await build({
    entryPoints: [resolve(__dirname, '..', '..', '..', entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    ...{ format, target, minify, sourcemap: sourceMap, sourcesContent },
    logLevel: 'warning',
  });
  const code = readFileSync(file);
  const zip = zipSync({ 'index.js': code, 'index.js.map': readFileSync(`${file}.map`) });
  return { name, file, codeBytes: code.length, zipBytes: zip.length };
}
