import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { repositoryRoot, workFolder } from '../../../../infra/local/processes/work-folder';

/** What a set-up said and how it ended. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A copy of set-up in a folder of its own (with a space in its path), on a machine whose tools are small scripts: they
 * write down that they were called, and leave what the real ones would leave.
 */
export interface Machine {
  /** Its copy of the repository. */
  readonly root: string;
  /** Runs set-up with another folder as the working directory. */
  setUp(): Promise<Outcome>;
  /** The tools called so far, as `mvn copy-dependencies`, in order; version questions are left out. */
  calls(): string[];
  /** Replaces a tool by a shell script. */
  install(tool: string, script: string): void;
  remove(tool: string): void;
  dispose(): void;
}

const JAVA_VERSION = 'echo \'openjdk version "17.0.1" 2026-01-01\' >&2';
const CALLED = (what: string): string => `echo "${what}" >> "$MACHINE/calls"`;
const TOOLS = {
  java: JAVA_VERSION,
  javac: `[ "$1" = -version ] && { echo "javac 17.0.1"; exit; }
${CALLED('javac')}
while [ "$1" != -d ]; do shift; done
mkdir -p "$2" && touch "$2/LoopbackDynamoDb.class"`,
  npm: `echo '{}'
${CALLED('npm $1')}
mkdir -p "$MACHINE/repository of a test/node_modules"`,
  mvn: `[ "$1" = -v ] && { echo "Java version: 17.0.1, vendor: any"; exit; }
goal=package
for argument; do
  case "$argument" in
    -DoutputDirectory=*) out="\${argument#*=}" ;;
    *:copy-dependencies) goal=copy-dependencies ;;
    -f) ;;
  esac
done
${CALLED('mvn $goal')}
[ "$goal" = copy-dependencies ] && mkdir -p "$out" && touch "$out/some.jar"
if [ "$goal" = package ]; then
  mkdir -p "$MACHINE/repository of a test/flink-sql/runner/target"
  for jar in spillway-runner spillway-runner-cases; do
    echo jar > "$MACHINE/repository of a test/flink-sql/runner/target/$jar.jar"
  done
fi
exit 0`,
  'valkey-server': 'echo "Valkey server v=9.0.0"',
};

export function newMachine(name: string): Machine {
  const folder = join(workFolder, 'test', `set-up-${name}-${process.pid}`);
  const root = join(folder, 'repository of a test');
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const path of ['infra/local/set-up', 'infra/local/set-up.mjs']) {
    cpSync(join(repositoryRoot, path), join(root, path), { recursive: true });
  }
  writeFileSync(join(root, 'package-lock.json'), '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');
  mkdirSync(join(root, 'flink-sql/runner/src/main'), { recursive: true });
  writeFileSync(join(root, 'flink-sql/pom.xml'), '<project/>');
  for (const tool of ['sh', 'mkdir', 'touch', 'sleep']) symlinkSync(onThisMachine(tool), join(bin, tool));

  const install = (tool: string, script: string): void => {
    writeFileSync(join(bin, tool), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, tool), 0o755);
  };
  for (const [tool, script] of Object.entries(TOOLS)) install(tool, script);
  return {
    root,
    install,
    remove: (tool) => rmSync(join(bin, tool)),
    calls: () => {
      const file = join(folder, 'calls');
      return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
    async setUp() {
      const script = spawn(process.execPath, [join(root, 'infra/local/set-up.mjs')], {
        cwd: folder,
        env: { PATH: bin, MACHINE: folder },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [[exitCode], stdout, stderr] = await Promise.all([
        once(script, 'close') as Promise<[number]>,
        text(script.stdout),
        text(script.stderr),
      ]);
      return { exitCode, stdout, stderr };
    },
  };
}

function onThisMachine(tool: string): string {
  const folder = ['/usr/bin', '/bin'].find((candidate) => existsSync(join(candidate, tool)));
  if (folder === undefined) throw new Error(`${tool} is in neither /usr/bin nor /bin`);
  return join(folder, tool);
}
