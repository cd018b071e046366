import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workFolder } from '../../infra/local/processes/work-folder';

const INSTALL_LIMIT_MS = 300_000;

/**
 * A package of PyPI that nothing but a test has need of: installed by pip into the work folder once.
 *
 * @param requirement such as `awscli==1.46.2`
 * @param folderName of the folder, with the version in it
 * @returns the folder
 */
export async function pipInstall(requirement: string, folderName: string): Promise<string> {
  const folder = join(workFolder, folderName);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    const args = ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '--target', draft];
    await promisify(execFile)('python3', [...args, requirement], { timeout: INSTALL_LIMIT_MS });
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}
