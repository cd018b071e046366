import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { createGuard, type Guard } from '../../../../guard';
import { type RunningFunctions, startFunctions } from '../../../../infra/local/functions';
import type { Handler } from '../../../../infra/local/event-sources/invoke';
import { type LocalLambda, startLambda } from '../../../../infra/local/lambda/server';
import { type LocalPage, startPage } from '../../../../infra/local/page/page';
import type { PageView } from '../../../../infra/local/page/page-view';
import { workFolder } from '../../../../infra/local/processes/work-folder';
import type { LogLine } from '../../../../lambdas/delivery/log';
import { putUsage } from '../../../end-to-end/put-usage';
import { startThrottle, type Throttle } from '../../../end-to-end/throttle';
import { eventually } from '../../../parts/eventually';
import { warmSystem } from '../../../parts/warm-system';
import { startChromium } from './chromium';
import { usageOf } from './page-records';

const name = 'page';
const limit = 60_000;

/** Nobody can look at a picture in a test, but a person can afterwards. */
const pictures = join(workFolder, 'page');

/**
 * Real streams, a real job, the functions behind it and a guard; usage is put where the estimator would put it.
 * Chromium shows what the page makes of it.
 */
describe('the page in a browser', () => {
  const log: LogLine[] = [];
  let browser: Browser;
  let throttle: Throttle;
  let functions: RunningFunctions;
  let lambda: LocalLambda;
  let guard: Guard;
  let page: LocalPage;

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    const system = warmSystem();
    browser = await startChromium();
    page = await startPage();
    // Until something comes, time follows the clock at the distance of the silence: what is put now must not be late.
    throttle = await startThrottle(system, name, {
      limit: String(limit),
      // Two seconds hold all of it: the detection burst is to be silent.
      burst_limit: '100000',
      delay: '1s',
      silence: '8s',
    });
    const { environment, resources, clients, applicationName: application } = throttle;
    const { redisUrl } = system;
    const store = { redisUrl, store: name };
    const handlers = new Map<string, Handler<unknown>>();
    lambda = await startLambda({ functions: handlers, log: (line) => log.push(line) });
    functions = await startFunctions({
      ...store,
      environment,
      resources,
      clients,
      tables: [],
      suspensionSeconds: 300,
      log: (line) => log.push(line),
      emitMetric: () => undefined,
      functions: handlers,
    });
    guard = createGuard({ redis: redisUrl, store: name, flushSeconds: 0.2, onEvent: () => undefined });
    await guard.start();
    page.watch({
      ...store,
      environment: { ...environment, AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint },
      resources,
      clients,
      application,
      progress: () => functions.progress(),
    });
  }, 480_000);
  afterAll(async () => {
    await browser.close();
    await page.stop();
    await guard.stop();
    await functions.stop();
    await lambda.stop();
    await throttle.stop();
  });

  it('is calm before anybody writes', async () => {
    page.phase('Waiting for the first write');
    const tab = await open(browser, page.url, { colorScheme: 'light', width: 1280 });
    await shows(tab.page, '#headline', 'Waiting for the first write');
    await shows(tab.page, '#suspensions', 'Nobody has been suspended.');
    await shows(tab.page, '#heat-empty', 'No key has written in the last ten minutes.');
    await tab.page.screenshot({ path: join(pictures, 'before-traffic-light-1280.png'), fullPage: true });
    expect(tab.complaints).toEqual([]);
    await tab.page.close();
  });

  it('shows live data in both themes and on a narrow screen, without an error and without a network', async () => {
    const tabs = await Promise.all(
      (['light', 'dark'] as const).flatMap((colorScheme) =>
        [1280, 390].map((width) => open(browser, page.url, { colorScheme, width })),
      ),
    );
    const [first] = tabs;
    if (first === undefined) throw new Error('no browser tab was opened');
    const heights = await Promise.all(tabs.map((tab) => heightOf(tab.page)));

    const second = Math.floor(Date.now() / 1_000);
    const calm = Array.from({ length: 12 }, (_, index) => usageOf(`app_calm_${index}`, second, 480));
    await putUsage(throttle.clients, throttle.resources, [
      ...calm,
      usageOf('app_hot', second - 1, 59_800),
      usageOf('app_hot', second, 1_650),
    ]);
    await eventually('the suspension of app_hot', () => !guard.check('app_hot').allowed, 60_000);
    for (let request = 0; request < 1_200; request += 1) guard.check('app_hot');
    const counted = guard.state().refusals;
    await eventually(
      'the page’s count of refusals',
      async () => (await viewOf(page)).totals.refused === counted,
    );

    for (const tab of tabs) {
      await shows(tab.page, '#headline', 'app_hot is suspended');
      await shows(tab.page, '#suspended-now', '1');
      await shows(tab.page, '#refused', counted.toLocaleString('en-US'));
      await shows(tab.page, '#suspensions tr:first-child .subject', 'app_hot');
      await shows(tab.page, '#suspensions tr:first-child', '61,450 of 60,000');
      await shows(tab.page, '#heat-rule', 'limit 60,000 units in 120 seconds');
      await shows(tab.page, '.chart[data-state=suspended] h3', 'app_hot');
      await shows(tab.page, '#heat-more', 'and 7 more, the hottest of them at 0.8 % of its limit');
      await shows(tab.page, '#refused-subjects tr:first-child', 'app_hot');
      await shows(tab.page, '#job-state', 'RUNNING');
      await shows(tab.page, '#job', '0 done', false);
      await shows(tab.page, '#pipeline', '14 records read');
      await shows(tab.page, '#hours-total', `${counted.toLocaleString('en-US')} prevented in 24 h`);
      await shows(tab.page, '#job', '1 to suspend, 0 only told');
      await shows(tab.page, '#live', 'live');
    }

    const left = await countdownOf(first.page);
    await eventually('the countdown to go on', async () => (await countdownOf(first.page)) !== left, 10_000);

    for (const [index, tab] of tabs.entries()) {
      const { colorScheme, width } = tab;
      await tab.page.screenshot({
        path: join(pictures, `suspended-${colorScheme}-${width}.png`),
        fullPage: true,
      });
      expect(await widthOf(tab.page)).toBe(width);
      // The headline may take a second line; nothing else may move what is below it.
      expect(await heightOf(tab.page)).toBe(heights[index]);
      expect(await cutFigures(tab.page)).toEqual([]);
      expect(await contrastOf(tab.page)).toBeGreaterThan(4.5);
      expect(tab.complaints).toEqual([]);
      expect(tab.hosts).toEqual(new Set([new URL(page.url).host]));
    }
    const grounds = await Promise.all(tabs.map((tab) => groundOf(tab.page)));
    expect(new Set(grounds).size).toBe(2);
    await Promise.all(tabs.map((tab) => tab.page.close()));

    // Stated at once, and again when the second is closed; Flink tells of its figures a little later.
    await eventually(
      'both records of the excess of app_hot',
      async () => {
        const { totals, job } = await viewOf(page);
        return totals.excesses.suspend.again === 1 && job.excessesWritten === 2;
      },
      30_000,
    );
    const view = await viewOf(page);
    expect(view.totals).toMatchObject({
      suspensions: 1,
      subjects: 1,
      units: 61_450 + 12 * 480,
      writes: 14,
      excesses: {
        suspend: { episodes: 1, seconds: 1, again: 1 },
        notify: { episodes: 0, seconds: 0, again: 0 },
      },
    });
    expect(view.job).toMatchObject({ state: 'RUNNING', restarts: 0, recordsRead: 14, excessesWritten: 2 });
    expect(view.silent).toEqual([]);
    expect(log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('says that what it shows is old when its server is gone, and goes on when it is back', async () => {
    const second = await startPage();
    const port = Number(new URL(second.url).port);
    const tab = await open(browser, second.url, { colorScheme: 'light', width: 390 });
    await shows(tab.page, '#headline', 'Starting');
    expect(await tab.page.isVisible('#lost')).toBe(false);
    await second.stop();
    await shows(tab.page, '#lost', 'The local system was stopped');
    await shows(tab.page, '#live', 'not live');
    await tab.page.screenshot({ path: join(pictures, 'stopped-light-390.png'), fullPage: true });
    const third = await startPage(port);
    third.phase('Starting again');
    await shows(tab.page, '#headline', 'Starting again');
    expect(await tab.page.isVisible('#lost')).toBe(false);
    await tab.page.close();
    await third.stop();
  });
});

interface Tab {
  readonly page: Page;
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
  /** Errors in the console, and of the page’s own code. */
  readonly complaints: string[];
  /** Every host that was asked for anything. */
  readonly hosts: Set<string>;
}

async function open(
  browser: Browser,
  url: string,
  { colorScheme, width }: Pick<Tab, 'colorScheme' | 'width'>,
): Promise<Tab> {
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await page.goto(url);
  await page.waitForSelector('body[data-ready=true]');
  return { page, colorScheme, width, complaints, hosts };
}

/** Waits until a part of the page has the text, or until it no longer has. */
async function shows(page: Page, selector: string, text: string, wanted = true): Promise<void> {
  const has = async (): Promise<boolean> =>
    ((await page.textContent(selector)) ?? '').includes(text) === wanted;
  await eventually(`${selector} to ${wanted ? 'show' : 'lose'} “${text}”`, has);
}

async function viewOf({ url }: LocalPage): Promise<PageView> {
  return (await (await fetch(`${url}/view.json`)).json()) as PageView;
}

async function countdownOf(page: Page): Promise<string | null> {
  return page.textContent('#suspensions tr:first-child .state');
}

/** What lies on one page wide and high; wider than the window means that it must be pushed sideways. */
async function widthOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth');
}

async function heightOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.querySelector("main").getBoundingClientRect().height');
}

/** Figures that do not fit into their place and end in dots. */
async function cutFigures(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(
    `[...document.querySelectorAll('td, dd, .figure, .note, .share, .lag')]
      .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflow === 'hidden')
      .map((one) => one.textContent)`,
  );
}

async function groundOf(page: Page): Promise<string> {
  return page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
}

/** The least contrast of the kinds of text on a panel, as WCAG 2.2 ("relative luminance") reckons it; 4.5 can be read. */
async function contrastOf(page: Page): Promise<number> {
  return page.evaluate<number>(`(() => {
    const luminance = (color) => {
      const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((part) => {
        const c = Number(part) / 255;
        return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const selectors = ['h1', '.note', '.chip', '.limit-label', '.axis', '.source', 'td.state', 'dt', '.detail', '.lag'];
    return Math.min(...selectors.map((selector) => {
      const text = document.querySelector(selector);
      const panel = text.closest('.tile, section:not(.tiles)') ?? document.body;
      const [a, b] = [text, panel].map((one, index) =>
        luminance(getComputedStyle(one)[index === 0 ? 'color' : 'backgroundColor']));
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }));
  })()`);
}
