import { collect, type StreamListener, type Watched } from './collector';
import { PageModel } from './model';
import type { PageEvent } from './page-event';
import { servePage } from './page-server';

/** The local web page, served from before the system is up until it ends. */
export interface LocalPage {
  readonly url: string;
  /** Says what the system is doing until its traffic begins. */
  phase(text: string): void;
  /** Begins to look at a Spillway that is up. Ends with `unwatch` or `stop`. */
  watch(watched: Watched): void;
  /** Hears every usage record and excess that the page reads from now on. */
  listen(listener: StreamListener): void;
  /** Ends looking at Spillway; the page goes on with what it knows. */
  unwatch(): Promise<void>;
  /** Ends all. Stopping twice is stopping once. */
  stop(): Promise<void>;
}

/** Serves the page on a free port of 127.0.0.1, or on the given one. */
export async function startPage(port = 0): Promise<LocalPage> {
  const model = new PageModel(Date.now());
  const listeners: StreamListener[] = [];
  let collecting: { stop(): Promise<void> } | undefined;
  const onEvent = (event: PageEvent): void => {
    model.apply(event, Date.now());
    if (event.kind === 'usage') for (const { usage } of listeners) usage?.(event.record);
    if (event.kind === 'excess') for (const { excess } of listeners) excess?.(event.excess);
  };
  const server = await servePage(() => model.view(Date.now()), port);
  const unwatch = async (): Promise<void> => {
    const ending = collecting;
    collecting = undefined;
    await ending?.stop();
  };
  return {
    url: server.url,
    phase: (text) => onEvent({ kind: 'phase', text }),
    watch(watched) {
      if (collecting !== undefined) throw new Error('the page looks at a Spillway already');
      collecting = collect(watched, onEvent);
    },
    listen: (listener) => void listeners.push(listener),
    unwatch,
    async stop() {
      await server.stop();
      await unwatch();
    },
  };
}
