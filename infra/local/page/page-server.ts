import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { PageView } from './page-view';

/** The files of the page; nothing else is served. */
const files = new Map<string, { readonly file: string; readonly type: string }>(
  (
    [
      ['/', 'index.html', 'text/html'],
      ['/page.css', 'page.css', 'text/css'],
      ['/page.js', 'page.js', 'text/javascript'],
      ['/dom.js', 'dom.js', 'text/javascript'],
      ['/format.js', 'format.js', 'text/javascript'],
      ['/heat-charts.js', 'heat-charts.js', 'text/javascript'],
      ['/panels.js', 'panels.js', 'text/javascript'],
      ['/icon.svg', 'icon.svg', 'image/svg+xml'],
    ] as const
  ).map(([path, file, type]) => [path, { file: join(__dirname, 'static', file), type }]),
);

const headers = {
  // The page needs nothing from elsewhere, so the browser refuses it whatever a name in the data may try.
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const viewEveryMs = 1_000;
const mostBrowsers = 20;
/** A browser that does not take what it is sent is let go; it comes again when it can. */
const mostUnsentBytes = 4 * 1024 * 1024;

export interface PageServer {
  readonly url: string;
  /** Tells the browsers that it was the end, and lets them go. Stopping twice is stopping once. */
  stop(): Promise<void>;
}

/**
 * Serves the page on 127.0.0.1: its files, the view as it is now at `/view.json`, and the view once a second to every
 * browser that looks, as server-sent events (HTML Standard, "Server-sent events"). Rejects when the port is taken.
 */
export async function servePage(view: () => PageView, port = 0): Promise<PageServer> {
  const browsers = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    answer(request, response);
  });
  const timer = setInterval(() => {
    if (browsers.size === 0) return;
    const message = messageOf(view());
    for (const browser of browsers) {
      if (browser.writableLength > mostUnsentBytes) browser.destroy();
      else browser.write(message);
    }
  }, viewEveryMs);
  timer.unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const listening = typeof address === 'object' && address !== null ? address.port : port;
  let stopped: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${listening}`,
    stop() {
      stopped ??= new Promise((resolve) => {
        clearInterval(timer);
        for (const browser of browsers) browser.end('event: end\ndata: {}\n\n');
        server.close(() => resolve());
        // What has been ended is sent first; nobody is waited for.
        setTimeout(() => server.closeAllConnections(), 200).unref();
      });
      return stopped;
    },
  };

  function answer(request: IncomingMessage, response: ServerResponse): void {
    // Another name that leads here is a page from elsewhere that tries to read this one.
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) {
      end(response, 403, 'text/plain', 'this page answers to 127.0.0.1 only\n');
      return;
    }
    if (request.method !== 'GET') {
      end(response, 405, 'text/plain', 'this page can only be looked at\n');
      return;
    }
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const file = files.get(path);
    if (file !== undefined) end(response, 200, file.type, readFileSync(file.file));
    else if (path === '/view.json') end(response, 200, 'application/json', JSON.stringify(view()));
    else if (path === '/events') follow(response);
    else end(response, 404, 'text/plain', 'there is nothing here\n');
  }

  function follow(response: ServerResponse): void {
    if (browsers.size >= mostBrowsers) {
      end(response, 503, 'text/plain', `${mostBrowsers} browsers look on already\n`);
      return;
    }
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
    response.write(`retry: 1000\n\n${messageOf(view())}`);
    browsers.add(response);
    response.on('close', () => browsers.delete(response));
  }
}

function messageOf(view: PageView): string {
  return `data: ${JSON.stringify(view)}\n\n`;
}

function end(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { ...headers, 'content-type': `${type}; charset=utf-8` });
  response.end(body);
}
