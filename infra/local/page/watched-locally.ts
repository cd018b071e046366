import type { LocalSpillway } from '../spillway';
import type { LocalSystem } from '../system';
import type { Watched } from './collector';

/** How often guards on this machine add their counts of refusals to the store: sooner than usual, for who watches. */
export const refusalsEverySeconds = 2;

/** The Spillway of `npm run demo` and `npm run local`, as the page looks at it. */
export function watchedLocally(system: Pick<LocalSystem, 'redisUrl'>, spillway: LocalSpillway): Watched {
  const { clients, resources, environment } = spillway;
  return {
    clients,
    resources,
    environment,
    redisUrl: system.redisUrl,
    store: 'spillway',
    application: 'spillway-local-throttle',
    progress: () => spillway.progress(),
  };
}
