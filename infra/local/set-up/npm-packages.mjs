import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './run-tool.mjs';
import { hashOf, isFresh, writeStamp } from './stamps.mjs';
import { root } from './work-folder.mjs';

// The stamp lies inside node_modules: it goes when somebody removes that folder.
const stampFile = join(root, 'node_modules', '.spillway-stamp.json');
const lockFile = join(root, 'package-lock.json');

const inputs = () => hashOf([process.versions.node.split('.')[0] ?? ''], [lockFile]);

/** The npm packages that package-lock.json names. */
export const npmPackages = {
  name: 'npm-packages',
  what: 'npm packages',
  isDone: () => isFresh(stampFile, inputs()),
  async run() {
    if (!isInstalled()) {
      // npm is told to print JSON (.npmrc); it goes to the log with the rest.
      await runTool(
        'npm-packages',
        'npm',
        ['ci', '--no-audit', '--no-fund'],
        'the npm packages could not be installed; check the network and npm’s registry setting, then run again',
      );
    }
    writeStamp(stampFile, inputs(), []);
  },
};

/** Whether somebody's own `npm install` already brought what the lock file names: `npm ci` would remove it first. */
function isInstalled() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = packagesOf(lockFile);
  const installed = packagesOf(installedFile);
  return Object.entries(wanted).every(
    ([path, { version, integrity, optional }]) =>
      path === '' ||
      (optional === true && installed[path] === undefined) ||
      (installed[path]?.version === version && installed[path]?.integrity === integrity),
  );
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}
