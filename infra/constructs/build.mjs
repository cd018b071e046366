/**
 * Builds what `spillway/constructs` leads to, into the `dist` that guard/build.mjs has made: the constructs as CommonJS,
 * which both ways to import take, and each function as one file, which is bundled with its packages when an app with the
 * constructs is synthesised. CDK stays outside: an app has one, which must be its own.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(fileURLToPath(import.meta.url), '../../..');
const dist = join(root, 'dist');
const functions = ['estimator', 'alerter', 'suspender', 'operator', 'notifier', 'set-aside'];

await build({
  absWorkingDir: root,
  entryPoints: {
    constructs: 'infra/constructs/index.ts',
    ...Object.fromEntries(functions.map((name) => [`functions/${name}`, `lambdas/${name}/handler.ts`])),
  },
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
});
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const types = spawnSync(process.execPath, [tsc, '-p', join(root, 'infra/constructs/tsconfig.types.json')], {
  stdio: 'inherit',
});
if (types.status !== 0) throw new Error('the types of the constructs could not be made');
writeFileSync(join(dist, 'constructs.d.cts'), "export * from './types/infra/constructs/index.js';\n");
