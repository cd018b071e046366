import { basename } from 'node:path';
import { headerOf } from '../definition/checks/detection-header';
import { didYouMean } from '../definition/did-you-mean';
import type { Definition } from '../definition/read-definition';
import { sqlTokens } from '../definition/sql-tokens';
import { UserFault } from '../user-fault';

/** A detection as its header describes it; it goes by the name of its file. */
export interface DescribedDetection {
  readonly name: string;
  /** Its excesses suspend; others only tell people. */
  readonly suspends: boolean;
  /** It speaks before a second is closed. */
  readonly atOnce: boolean;
}

export function describedDetections({ files }: Pick<Definition, 'files'>): DescribedDetection[] {
  return [...files]
    .filter(([path]) => path.startsWith('detections/') && path.endsWith('.sql'))
    .map(([path, sql]) => {
      const header = headerOf({ tokens: sqlTokens(sql) });
      return {
        name: basename(path, '.sql'),
        suspends: !(header.get('Action') ?? 'suspend').startsWith('notify'),
        atOnce: (header.get('Speaks') ?? '').startsWith('at once'),
      };
    });
}

/** Those that are asked for; those that suspend where none is. Throws a UserFault for a name that is none. */
export function chosenDetections(
  application: string,
  all: readonly DescribedDetection[],
  asked: readonly string[] = [],
): DescribedDetection[] {
  const names = all.map(({ name }) => name);
  const wrong = asked.find((name) => !names.includes(name));
  if (wrong !== undefined) {
    throw new UserFault(
      `--detection ${wrong}: ${application} has no such detection${didYouMean(wrong, names)}; there are ${names.join(', ')}`,
    );
  }
  if (asked.length > 0) return all.filter(({ name }) => asked.includes(name));
  const suspending = all.filter(({ suspends }) => suspends);
  return suspending.length > 0 ? suspending : [...all];
}
