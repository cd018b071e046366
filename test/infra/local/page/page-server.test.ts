import { request } from 'node:http';
import { PageModel } from '../../../../infra/local/page/model';
import { type PageServer, servePage } from '../../../../infra/local/page/page-server';

describe('the page’s server', () => {
  let server: PageServer;

  beforeEach(async () => {
    const model = new PageModel(Date.now());
    server = await servePage(() => model.view(Date.now()));
  });
  afterEach(async () => {
    await server.stop();
  });

  it('serves every file that the page names', async () => {
    const html = await (await fetch(server.url)).text();
    const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(named.length).toBeGreaterThan(2);
    for (const path of named) expect((await fetch(server.url + path)).status).toBe(200);
  });

  it('serves nothing else, and lets nobody change anything', async () => {
    expect((await fetch(`${server.url}/../page.ts`)).status).toBe(404);
    expect((await fetch(`${server.url}/page.ts`)).status).toBe(404);
    expect((await fetch(server.url, { method: 'POST', body: '{}' })).status).toBe(405);
  });

  it('forbids the page everything that is not its own', async () => {
    const policy = (await fetch(server.url)).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
  });

  it('refuses a page from elsewhere whose name leads here', async () => {
    expect(await statusFor(server.url, 'evil.example')).toBe(403);
    expect(await statusFor(server.url, '127.0.0.1:1.evil.example')).toBe(403);
    expect(await statusFor(server.url, 'localhost:80')).toBe(200);
  });

  it('sends the view at once and again each second, and says when it was the end', async () => {
    const response = await fetch(`${server.url}/events`);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    if (response.body === null) throw new Error('there is no stream of events');
    let text = '';
    for await (const chunk of response.body) {
      text += Buffer.from(chunk as Uint8Array).toString('utf8');
      if (views(text).length === 2 && !text.includes('event: end')) void server.stop();
    }
    const [first, second] = views(text);
    expect(first).toMatchObject({ version: 1, headline: { level: 'calm' } });
    expect(second?.nowMs).toBeGreaterThan(first?.nowMs ?? Infinity);
    expect(text.endsWith('event: end\ndata: {}\n\n')).toBe(true);
  });
});

function views(text: string): { nowMs: number }[] {
  return text
    .split('\n\n')
    .filter((message) => message.startsWith('data: '))
    .map((message) => JSON.parse(message.slice('data: '.length)) as { nowMs: number });
}

async function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('error', reject);
    asked.end();
  });
}
