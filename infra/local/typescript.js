/* For `node -r`: lets node run the project's TypeScript files as they are. */
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

// What is compiled is cached in the ignored folder instead of the system's folder for temporary files.
const cache = join(__dirname, '../../.spillway/compile-cache');
process.env.V8_COMPILE_CACHE_CACHE_DIR ??= cache;
// The AWS SDK's notice about coming Node versions would stand between a person and what happens.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const service = require('ts-node').register({ transpileOnly: true });

// A command reads some eighty files, and to transpile them takes four times as long as all the rest of its start.
const transpile = service.compile;
const outputs = new Map();
const madeBy = `${service.ts.version} ${JSON.stringify(service.config.options)}`;
service.compile = (code, fileName) => {
  const output = kept(code, fileName);
  outputs.set(fileName, output);
  return output;
};
// Stack traces lead to the lines of the TypeScript files: the map is in the output.
const maps = require.resolve('@cspotcode/source-map-support', { paths: [require.resolve('ts-node')] });
require(maps).install({
  environment: 'node',
  retrieveFile: (path) => outputs.get(path) ?? null,
});

/** The output for these contents, kept in one file for each file, which begins with the contents' hash. */
function kept(code, fileName) {
  const folder = join(cache, 'typescript');
  const file = join(folder, `${hash(fileName)}.js`);
  const key = `${hash(`${madeBy}\n${code}`)}\n`;
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (before.startsWith(key)) return before.slice(key.length);
  const output = transpile(code, fileName);
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, key + output);
  // In one move, so that nobody reads half of it.
  renameSync(draft, file);
  return output;
}

function hash(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
