import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../../infra/local/processes/work-folder';

interface ApplicationFile {
  runtime: string;
  parameters: Record<string, unknown>;
}

/**
 * Copies the throttle application into a folder of definitions, without the detections that are named: a definition
 * as it was before they were added. A parameter that only they use goes with them.
 */
export function throttleWithout(
  folder: string,
  detections: readonly string[],
  parameters: readonly string[],
): string {
  const application = join(folder, 'throttle');
  rmSync(application, { recursive: true, force: true });
  cpSync(join(repositoryRoot, 'flink-sql', 'throttle'), application, {
    recursive: true,
    filter: (path) => !path.endsWith('/cases'),
  });
  for (const detection of detections) {
    const file = join(application, 'detections', `${detection}.sql`);
    if (!existsSync(file)) throw new Error(`throttle has no detection ${detection}`);
    rmSync(file);
  }
  changeApplication(folder, (file) => {
    const kept = Object.entries(file.parameters).filter(([name]) => !parameters.includes(name));
    file.parameters = Object.fromEntries(kept);
  });
  return folder;
}

/** Changes the copied application.json. */
export function changeApplication(folder: string, change: (file: ApplicationFile) => void): void {
  const path = join(folder, 'throttle', 'application.json');
  const file = JSON.parse(readFileSync(path, 'utf8')) as ApplicationFile;
  change(file);
  writeFileSync(path, JSON.stringify(file, null, 2));
}
