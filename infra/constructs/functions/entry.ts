import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The functions, by the folder of `lambdas/` that each is in. */
export const functionNames = ['estimator', 'alerter', 'suspender', 'operator', 'notifier'] as const;

export type FunctionName = (typeof functionNames)[number];

/**
 * The file that a function is bundled from: its source in a checkout, and in the package what `npm run build` made of it,
 * because a package's TypeScript is not compiled by who uses it.
 */
export function entryOf(name: FunctionName): string {
  const built = join(__dirname, 'functions', `${name}.js`);
  return existsSync(built) ? built : join(__dirname, '../../../lambdas', name, 'handler.ts');
}
