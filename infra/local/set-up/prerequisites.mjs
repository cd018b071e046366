import { spawnSync } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { findOnPath } from './run-tool.mjs';
import { hashOf, isFresh, stampOf, writeStamp } from './stamps.mjs';
import { SetUpError } from './work-folder.mjs';

const NEEDED_NODE = 20;
const NEEDED_JAVA = 17;
const stampFile = stampOf('prerequisites');

/**
 * Node, a JDK and Maven must be there in versions that work. Asking each tool for its version takes a second, so it is
 * done again only when a tool is another file than last time.
 */
export function checkPrerequisites() {
  const node = process.versions.node;
  if (Number(node.split('.')[0]) < NEEDED_NODE) {
    throw new SetUpError(`Node ${NEEDED_NODE} or newer is needed, this is ${node}; install a newer Node`);
  }
  const tools = ['java', 'javac', 'mvn', 'npm'].map((tool) => [tool, pathOf(tool)]);
  const inputs = hashOf([
    process.env.JAVA_HOME ?? '',
    ...tools.map(([tool, path]) => `${tool} ${realpathSync(path)} ${statSync(path).mtimeMs}`),
  ]);
  if (isFresh(stampFile, inputs)) return;
  needJava('java', /version "(\d+)[^"]*"/, '-version');
  needJava('javac', /javac (\d+)\S*/, '-version');
  needJava('mvn', /Java version: (\d+)[^,\s]*/, '-v');
  writeStamp(stampFile, inputs, []);
}

function pathOf(tool) {
  const path = findOnPath(tool);
  if (path !== undefined) return path;
  const what = {
    java: `Java ${NEEDED_JAVA} or newer is needed, and there is no java on the PATH; install a JDK ${NEEDED_JAVA}`,
    javac: `a JDK ${NEEDED_JAVA} or newer is needed, and there is no javac on the PATH (a JRE has none); install a JDK`,
    mvn: 'Maven is needed, and there is no mvn on the PATH; install Maven 3.8 or newer',
    npm: 'npm is needed, and there is none on the PATH; install the one that comes with Node',
  };
  throw new SetUpError(what[tool]);
}

function needJava(tool, pattern, argument) {
  const result = spawnSync(tool, [argument], { encoding: 'utf8', env: { ...process.env, CI: 'true' } });
  const printed = `${result.stdout ?? ''}${result.stderr ?? ''}`;
  const found = pattern.exec(printed);
  if (result.status !== 0 || found === null) {
    const said = printed.trim().split('\n')[0] || (result.error?.message ?? 'it printed nothing');
    throw new SetUpError(`\`${tool} ${argument}\` did not tell its version: ${said}; check its installation`);
  }
  if (Number(found[1]) < NEEDED_JAVA) {
    const whose = tool === 'mvn' ? 'Maven runs on another Java (see JAVA_HOME)' : `this is the ${tool} found`;
    throw new SetUpError(
      `Java ${NEEDED_JAVA} or newer is needed, found ${found[0]}: ${whose}; install a JDK ${NEEDED_JAVA} and put it first on the PATH`,
    );
  }
}
