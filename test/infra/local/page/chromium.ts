import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

/** Names under which Chromium and Chrome are installed. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const installingMs = 300_000;

/**
 * Starts the machine's own Chromium without a window. Where there is none, root on a machine with apt installs
 * Debian's; anybody else is told what to do. The test that asks for it then fails: it is never skipped.
 */
export async function startChromium(): Promise<Browser> {
  const executablePath = found() ?? (await installed());
  // Root may not use Chromium's sandbox; the test opens nothing but its own page.
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

function found(): string | undefined {
  const named = process.env['SPILLWAY_CHROMIUM'];
  if (named !== undefined) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

async function installed(): Promise<string> {
  const whatToDo =
    'install Chromium or Chrome (as root on Debian: apt-get install --no-install-recommends chromium), ' +
    'or name its executable in SPILLWAY_CHROMIUM';
  if (process.getuid?.() !== 0)
    throw new Error(`the page is tested in Chromium, and there is none on the PATH: ${whatToDo}`);
  process.stderr.write('installing Debian’s chromium with apt-get, for the test of the page …\n');
  const run = promisify(execFile);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: installingMs };
  // Another apt may be at work: it is waited for.
  const apt = (...args: string[]): Promise<unknown> =>
    run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], options);
  try {
    await apt('update');
    await apt('install', '-y', '--no-install-recommends', 'chromium');
  } catch (cause) {
    throw new Error(`Chromium could not be installed with apt-get: ${whatToDo}`, { cause });
  }
  const executable = found();
  if (executable === undefined) throw new Error(`apt-get installed no Chromium on the PATH: ${whatToDo}`);
  return executable;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
