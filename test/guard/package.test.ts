import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const root = join(__dirname, '../..');
/** Outside the project, whose own packages would else be found from it. */
let folder: string;
const run = promisify(execFile);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-package-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** What an API's build makes of a program that imports the guard, and what it must find elsewhere. */
async function bundled(program: string): Promise<{ text: string; packages: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: root },
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const packages = imports.map(({ path }) => path).filter((path) => !path.startsWith('node:'));
  return { text: outputFiles[0]?.text ?? '', packages: [...new Set(packages)] };
}

test('the guard needs ioredis and no other package, and is small', async () => {
  const { text, packages } = await bundled("export * from './guard/index'");
  expect(packages).toEqual(['ioredis']);
  expect(Buffer.byteLength(text)).toBeLessThan(64 * 1024);
});

test('a build that uses one function of the guard takes nothing else of it', async () => {
  const { text, packages } = await bundled(
    "import { problemFor } from './guard/index'; console.log(problemFor)",
  );
  expect(packages).toEqual([]);
  expect(text).not.toContain('class');
});

async function namesOnlyWhatIsShipped(): Promise<void> {
  const { exports, files } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, Record<string, Record<string, string>>>;
    files: string[];
  };
  expect(files).toEqual(['dist/']);
  const ways = Object.values(exports).flatMap((part) => Object.values(part));
  const targets = ways.flatMap((way) => Object.values(way));
  expect(targets.filter((target) => !target.startsWith('./dist/'))).toEqual([]);
}

/** Packed as it would be published, and unpacked beside the packages it needs and no others. */
async function install(): Promise<void> {
  await mkdir(join(folder, 'node_modules/spillway'), { recursive: true });
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root });
  const [tarball] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  const unpack = ['-xzf', String(tarball), '-C', 'node_modules/spillway', '--strip-components=1'];
  await run('tar', unpack, { cwd: folder });
  const needed = [
    ...['ioredis', '@aws-sdk/client-kinesis', 'express', '@types/express', '@types/node'],
    // What an app with the constructs has, and what the functions are bundled with.
    ...['aws-cdk-lib', 'constructs', 'esbuild', 'zod', '@smithy/node-http-handler'],
    ...['@aws-sdk/client-dynamodb', '@aws-sdk/client-sns', '@aws-sdk/client-sqs'],
  ];
  for (const name of needed) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', name), link);
  }
}

const useIt = `
const guard = createGuard({ redis: { host: '127.0.0.1', port: 1 }, onEvent: () => {} });
const answer = refuse(guard, { subject: () => 'app_1' })({ method: 'POST' });
console.log(answer === undefined, typeof createReporter);
void guard.stop();
`;

async function runEsModule(): Promise<void> {
  const imports = `import { createGuard, refuse } from 'spillway/guard';\nimport { createReporter } from 'spillway/reporter';`;
  await writeFile(join(folder, 'program.mjs'), imports + useIt);
  expect((await run(process.execPath, ['program.mjs'], { cwd: folder })).stdout).toBe('true function\n');
}

async function runCommonJs(): Promise<void> {
  const imports = `const { createGuard, refuse } = require('spillway/guard');\nconst { createReporter } = require('spillway/reporter');`;
  await writeFile(join(folder, 'program.cjs'), imports + useIt);
  expect((await run(process.execPath, ['program.cjs'], { cwd: folder })).stdout).toBe('true function\n');
}

async function compileTypeScript(): Promise<void> {
  const page = await readFile(join(root, 'docs/guard.md'), 'utf8');
  const example = /```ts\n([\s\S]*?)```/.exec(page)?.[1];
  if (example === undefined) throw new Error('docs/guard.md has no example');
  await writeFile(join(folder, 'example.mts'), example);
  const imports = `import { createGuard, refuse, type Verdict } from 'spillway/guard';\n`;
  const verdict = `export const verdict = (guard: ReturnType<typeof createGuard>): Verdict => guard.check('app_1');\n`;
  await writeFile(join(folder, 'program.cts'), `${imports}${verdict}export const use = refuse;\n`);
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    module: 'nodenext',
    target: 'es2022',
    noEmit: true,
    types: ['node'],
    // The types of what is shipped are checked as well, without the validators' package.
    skipLibCheck: false,
  };
  const files = ['example.mts', 'program.cts'];
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const said = await run(process.execPath, [tsc, '-p', folder]).catch((failed: unknown) => failed);
  expect(said).toMatchObject({ stdout: '', stderr: '' });
}

/** The example of docs/constructs.md as an app of its own, its functions bundled from what is shipped. */
async function synthesiseCdkApp(): Promise<void> {
  const page = await readFile(join(root, 'docs/constructs.md'), 'utf8');
  const example = /```ts\n([\s\S]*?)```/.exec(page)?.[1];
  if (example === undefined) throw new Error('docs/constructs.md has no example');
  await writeFile(join(folder, 'app.cts'), example);
  // CDK finds an app's folder by the lock file.
  await writeFile(join(folder, 'package-lock.json'), '{}');
  const compilerOptions = { strict: true, module: 'nodenext', target: 'es2022', types: ['node'] };
  // CDK's own types are not free of errors.
  const settings = { compilerOptions: { ...compilerOptions, skipLibCheck: true }, files: ['app.cts'] };
  await writeFile(join(folder, 'tsconfig.app.json'), JSON.stringify(settings));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const said = await run(process.execPath, [tsc, '-p', join(folder, 'tsconfig.app.json')]).catch(
    (failed: unknown) => failed,
  );
  expect(said).toMatchObject({ stdout: '', stderr: '' });
  const env = { ...process.env, CDK_OUTDIR: join(folder, 'cdk.out') };
  await run(process.execPath, ['app.cjs'], { cwd: folder, env });
  const made = await readdir(join(folder, 'cdk.out'));
  expect(made).toContain('Users.template.json');
  expect(made.filter((name) => name.startsWith('asset.'))).toHaveLength(4);
}

const cases: readonly (readonly [string, () => Promise<void>])[] = [
  ['the package’s exports name what is shipped', namesOnlyWhatIsShipped],
  ...(process.env['SPILLWAY_FULL'] === '1'
    ? ([
        ['npm packs it and it is unpacked into a folder of its own', install],
        ['an ES module there uses it', runEsModule],
        ['a CommonJS module there uses it', runCommonJs],
        ['strict TypeScript there compiles the client page’s example', compileTypeScript],
        ['a CDK app there, the constructs page’s example, is synthesised', synthesiseCdkApp],
      ] as const)
    : []),
];

test.each(cases)('%s', async (_what, holds) => {
  await holds();
});
