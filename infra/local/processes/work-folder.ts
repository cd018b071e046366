import { resolve } from 'node:path';

/** The repository's root. */
export const repositoryRoot = resolve(__dirname, '../../..');

/** The ignored folder of everything that set-up and running systems write. */
export const workFolder = resolve(repositoryRoot, '.spillway');
