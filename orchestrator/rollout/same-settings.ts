import type { ApplicationSettings } from '../service/application';
import { differences } from './differences';

/** Whether two versions of an application would run the same. Pure. */
export function sameSettings(one: ApplicationSettings, other: ApplicationSettings): boolean {
  return differences(one, other).length === 0;
}
