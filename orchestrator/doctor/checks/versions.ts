import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { type DoctorCheck, type Finding, ok, wrong } from '../doctor-check';

const LEAST_NODE = 20;
const LEAST_JAVA = 17;
const ANSWER_LIMIT_MS = 20_000;

export const versions: DoctorCheck = {
  code: 'versions',
  help: 'Node.js, Java and the runner that this command line works with',
  look: async ({ definitions, runnerJar }) => [
    atLeast('Node.js', Number(process.versions.node.split('.')[0]), process.versions.node, LEAST_NODE),
    await java(),
    existsSync(runnerJar)
      ? ok(`the runner is ${runnerJar}`)
      : wrong(`the runner is not at ${runnerJar}`, 'build it with `npm run set-up`'),
    ...definitions.map(({ name, runtime }) => ok(`${name} runs on ${runtime}`)),
  ],
};

/** Java says its version on stderr. */
async function java(): Promise<Finding> {
  try {
    const { stderr } = await promisify(execFile)('java', ['-version'], { timeout: ANSWER_LIMIT_MS });
    const text = /version "([^"]+)"/.exec(stderr)?.[1] ?? '';
    return atLeast('Java', Number(text.split('.')[0]), text, LEAST_JAVA);
  } catch {
    return wrong('there is no java on the PATH', `install a JDK ${LEAST_JAVA}`);
  }
}

function atLeast(what: string, major: number, text: string, least: number): Finding {
  return major >= least
    ? ok(`${what} ${text}`)
    : wrong(
        `${what} is ${text === '' ? 'of an unknown version' : text}`,
        `install ${what} ${least} or newer`,
      );
}
