import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workFolder } from '../../../infra/local/processes/work-folder';
import type { Excess } from '../../../lambdas/contracts/excess';
import { usageOfFound } from '../../../orchestrator/backtest/found-usage';
import { ruleFigures } from '../../../orchestrator/backtest/rule-figures';
import { usualPolicy } from '../../../orchestrator/backtest/simulate-suspensions';
import type { RuleOutcome } from '../../../orchestrator/backtest/backtest';
import { compareExcesses } from '../../../orchestrator/comparison/compare-excesses';
import { backtestHtml } from '../../../orchestrator/report/backtest-html';
import {
  backtestJson,
  type BacktestReport,
  backtestText,
} from '../../../orchestrator/report/backtest-report';
import { startChromium } from '../../infra/local/page/chromium';
import { heatOracle } from '../../oracle/heat-oracle';
import { tenantsFrom, tenantsSeconds, tenantsUsage } from '../backtest/tenants';

// Reports of a backtest whose excesses brute force finds, as Flink does.

/** Nobody can look at a picture in a test, but a person can afterwards. */
const pictures = join(workFolder, 'backtest');

const span = { from: tenantsFrom, until: tenantsFrom + tenantsSeconds };

interface Document {
  old: Rule;
  rules: Rule[];
}

interface Rule {
  label: string;
  found: string[];
  totals: Record<string, number>;
}

function excessesOver(limit: number): Excess[] {
  return heatOracle(tenantsUsage(), { windowSeconds: 120, limit }).map((found) => ({
    ...{ version: 1, application: 'backtest of throttle', generation: 1, detection: 'partition-heat' },
    ...found,
  }));
}

/** What runs has a limit of 60,000. */
async function reportOf(limits: readonly number[], sweep?: string): Promise<BacktestReport> {
  const old = excessesOver(60_000);
  const tried = [old, ...limits.map(excessesOver)];
  // Each record once, whatever was delivered again.
  const once = [...new Map(tenantsUsage().map((record) => [record.batch, record])).values()];
  const usage = await usageOfFound(tried.flat(), asAsync(once));
  const [first, ...rules] = tried.map((excesses, at): RuleOutcome => {
    const limit = at === 0 ? 60_000 : (limits[at - 1] ?? 0);
    const label = at === 0 ? 'old' : sweep === undefined ? 'new' : `${sweep}=${limit}`;
    const options = { application: 'throttle', policy: usualPolicy, exempt: new Set(['app_agreed']) };
    const figures = ruleFigures(label, { limit: String(limit) }, excesses, {
      ...{ ...options, usage, until: span.until, reactionMs: () => 2_000 },
    });
    const { found, released } = compareExcesses(old, excesses, {
      from: span.from + 1,
      until: span.until + 1,
    });
    return { figures, found, released, excesses };
  });
  if (first === undefined) throw new Error('there is an old rule');
  const counted = { records: once.length, entries: 4_290, again: 71, fromTheFuture: 0, late: [] };
  return {
    ...{ application: 'throttle', environment: 'local', span, archive: 'archive', sweep },
    ...{ detections: ['partition-heat'], outcome: { usage: counted, old: first, rules, cpuSeconds: 1 } },
  };
}

async function* asAsync<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* await Promise.resolve(values);
}

/** The file of its HTML. */
function written(name: string, report: BacktestReport): string {
  mkdirSync(pictures, { recursive: true });
  const file = join(pictures, `${name}.html`);
  writeFileSync(file, backtestHtml(report));
  return file;
}

test('an old and a new rule: who is found, when they were suspended, and what is estimated', async () => {
  const report = await reportOf([30_000]);
  const text = backtestText(report);
  expect(text).toContain('\nfound     app_import\nreleased  nobody\n');
  expect(text).toMatch(/^app_import +1 .*hit wrongly$/m);
  expect(text).toMatch(/^requests refused \(estimate\) /m);
  const html = written('one', report);
  const browser = await startChromium();
  try {
    const tab = await browser.newPage();
    await tab.goto(`file://${html}`);
    const bars = await tab.evaluate<string[]>(
      `[...document.querySelectorAll('#timeline rect')].map((one) => one.getAttribute('class') + ' ' + one.textContent.split(',')[0])`,
    );
    expect(bars.sort()).toEqual(['after app_import', 'after app_loop', 'after app_loop', 'before app_loop']);
    expect(await tab.textContent('#subject-figures')).toContain('app_import');
    await tab.screenshot({ path: join(pictures, 'one-light.png'), fullPage: true });
  } finally {
    await browser.close();
  }
}, 240_000);

test('names are text, whatever is in them', async () => {
  const report = await reportOf([30_000]);
  const hostile = '<img src=x onerror="alert(1)">';
  expect(backtestHtml({ ...report, archive: hostile })).not.toContain('<img');
});

test('the report of a sweep shows charts and the figures of the document, in light and dark', async () => {
  const report = await reportOf([20_000, 30_000, 60_000, 90_000], 'limit');
  const document = JSON.parse(JSON.stringify(backtestJson(report))) as Document;
  const html = written('sweep', report);
  const browser = await startChromium();
  try {
    const grounds: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const tab = await browser.newPage({ colorScheme, viewport: { width: 900, height: 1_200 } });
      const complaints: string[] = [];
      const asked: string[] = [];
      tab.on('console', (message) => complaints.push(message.text()));
      tab.on('pageerror', (error) => complaints.push(error.message));
      tab.on('request', (request) => asked.push(request.url()));
      await tab.goto(`file://${html}`);
      await tab.screenshot({ path: join(pictures, `sweep-${colorScheme}.png`), fullPage: true });

      expect(await tab.title()).toBe('Backtest of throttle (local)');
      expect([complaints, asked]).toEqual([[], [`file://${html}`]]);
      // What is drawn lies inside its picture and has an extent.
      for (const [chart, marks] of [
        ['#curve', 'circle'],
        ['#subjects', 'rect'],
      ]) {
        const boxes = await tab.evaluate<number[][]>(
          `(() => { const all = document.querySelector('${chart ?? ''}').getBoundingClientRect();
            return [...document.querySelectorAll('${chart ?? ''} ${marks ?? ''}')].map((one) => {
              const box = one.getBoundingClientRect();
              return [box.width, box.height, box.left - all.left, all.right - box.right, box.top - all.top, all.bottom - box.bottom];
            }); })()`,
        );
        expect(boxes.length).toBeGreaterThanOrEqual(2);
        expect(Math.min(...boxes.flat())).toBeGreaterThan(0);
      }
      expect(await tab.getByRole('img').count()).toBe(2);
      const cells = await tab.evaluate<string[][]>(
        `[...document.querySelectorAll('#sweep tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))`,
      );
      const figure = (rule: Rule, name: string): string => (rule.totals[name] ?? 0).toLocaleString('en-US');
      expect(cells.map((row) => [row[0], row[1], row[2], row[5], row[6], row[7], row[10]])).toEqual(
        [document.old, ...document.rules].map((rule) => [
          rule.label,
          figure(rule, 'subjects'),
          figure(rule, 'wronglyHit'),
          figure(rule, 'refusedRequests'),
          figure(rule, 'savedUnits'),
          figure(rule, 'rightlySavedUnits'),
          String(rule.found.length),
        ]),
      );
      expect(await tab.evaluate<number>('document.documentElement.scrollWidth')).toBe(900);
      expect(await leastContrast(tab.evaluate.bind(tab))).toBeGreaterThan(4.5);
      grounds.push(await tab.evaluate<string>('getComputedStyle(document.body).backgroundColor'));
      await tab.close();
    }
    expect(new Set(grounds).size).toBe(2);
  } finally {
    await browser.close();
  }
}, 240_000);

/** Of text on its ground, as WCAG 2.2 ("relative luminance") reckons it; 4.5 can be read. */
function leastContrast(evaluate: (script: string) => Promise<unknown>): Promise<unknown> {
  return evaluate(`(() => {
    const luminance = (color) => {
      const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((part) => {
        const c = Number(part) / 255;
        return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    return Math.min(...['h1', 'h2', 'td', 'th', '.quiet', '.key li', 'svg text', 'svg .name'].map((selector) => {
      const text = document.querySelector(selector);
      const ground = text.closest('section') ?? document.body;
      const style = getComputedStyle(text);
      const [a, b] = [text.closest('svg') ? style.fill : style.color, getComputedStyle(ground).backgroundColor].map(luminance);
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }));
  })()`);
}
