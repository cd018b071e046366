/**
 * Builds `dist`: what `exports` of package.json leads an API to. Runs by itself before `npm pack` and `npm publish`,
 * because Node takes no TypeScript out of node_modules. Each part is one file, once as an ES module and once as CommonJS,
 * with the packages it needs left outside.
 */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(fileURLToPath(import.meta.url), '../..');
const dist = join(root, 'dist');
const parts = { guard: 'guard/index', reporter: 'guard/reporter/index' };

rmSync(dist, { recursive: true, force: true });
for (const [part, source] of Object.entries(parts)) {
  for (const [format, ending] of [
    ['esm', 'mjs'],
    ['cjs', 'cjs'],
  ]) {
    await build({
      absWorkingDir: root,
      entryPoints: [`${source}.ts`],
      outfile: join(dist, `${part}.${ending}`),
      format,
      bundle: true,
      packages: 'external',
      platform: 'node',
      target: 'node20',
      logLevel: 'warning',
    });
  }
}
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const types = spawnSync(process.execPath, [tsc, '-p', join(root, 'guard/tsconfig.types.json')], {
  stdio: 'inherit',
});
if (types.status !== 0) throw new Error('the types of the package could not be made');
for (const [part, source] of Object.entries(parts)) {
  // The same types for both ways to import, each under the ending that says which way it is.
  for (const ending of ['d.mts', 'd.cts']) {
    writeFileSync(join(dist, `${part}.${ending}`), `export * from './types/${source}.js';\n`);
  }
}
