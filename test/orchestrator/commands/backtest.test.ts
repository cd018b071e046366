import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { workFolder } from '../../../infra/local/processes/work-folder';
import type { Excess } from '../../../lambdas/contracts/excess';
import { heatOracle, type OracleExcess } from '../../oracle/heat-oracle';
import { seededUsage } from '../../oracle/seeded-usage';
import { startChromium } from '../../infra/local/page/chromium';
import { archiveOf, tenantsUsage } from '../backtest/tenants';
import { runSpillway } from '../run-spillway';

// `spillway backtest` on Flink, over archives in folders.
const page = readFileSync(resolve(__dirname, '../../../docs/backtest.md'), 'utf8');
const span = ['--since', '2026-10-01T12:00:00Z', '--until', '2026-10-01T12:20:00Z'];
const folder = mkdtempSync(join(tmpdir(), 'spillway-backtest-'));

/** Nobody can look at a picture in a test, but a person can afterwards. */
const pictures = join(workFolder, 'backtest');

interface Document {
  usage: { records: number; late: object[] };
  old: Rule;
  rules: Rule[];
}

interface Rule {
  label: string;
  excesses: number;
  found: string[];
  released: string[];
  subjects: { subject: string; savedUnits: number; wronglyHit: boolean }[];
  totals: Record<string, number>;
}

async function backtestOf(...args: string[]): Promise<Document> {
  const { exitCode, stdout, stderr } = await runSpillway(['backtest', 'throttle', '--json', ...args]);
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Document;
}

test('each command of the page prints what the page shows', async () => {
  const archive = await archiveOf(tenantsUsage());
  const blocks = [...page.matchAll(/```console\n\$ spillway (.*)\n([^`]*)```/g)];
  expect(blocks).toHaveLength(2);
  for (const [, command = '', output] of blocks) {
    const args = command.split(' ').map((word) => {
      if (word === 'archive') return archive;
      return word.endsWith('.html') ? join(folder, word) : word;
    });
    const { exitCode, stdout, stderr } = await runSpillway(args);
    expect([exitCode, stdout.replaceAll(archive, 'archive'), exitCode === 0 || stderr]).toEqual([
      0,
      output,
      true,
    ]);
  }
}, 600_000);

test('the report of a sweep shows charts and the figures of the document, in light and dark', async () => {
  const archive = await archiveOf(tenantsUsage());
  const html = join(folder, 'report.html');
  const sweep = ['--sweep', 'limit=30000..60000:30000', '--exempt', 'app_agreed', '--html', html];
  const document = await backtestOf('--archive', archive, ...span, ...sweep);
  expect(document.rules.map(({ label }) => label)).toEqual(['limit=30000', 'limit=60000']);

  mkdirSync(pictures, { recursive: true });
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
}, 600_000);

describe('usage with duplicates', () => {
  const from = 1_790_856_000;
  const question = { windowSeconds: 120, limit: 600, limits: { orders: 400 } };
  const workload = seededUsage({
    ...{ seed: 7, from, seconds: 900, keys: 40, resources: ['users', 'orders'] },
    ...{ disorderSeconds: 3, duplicates: 0.05 },
  });
  const rule = [
    '--against',
    'limit=600',
    '--against',
    'limits={"orders":400}',
    '--detection',
    'partition-heat',
  ];
  const until = ['--until', '2026-10-01T12:15:00Z'];

  async function excessesOf(archive: string, since: string): Promise<Excess[]> {
    const file = join(folder, 'excesses.jsonl');
    await backtestOf('--archive', archive, '--since', since, ...until, ...rule, '--excesses', file);
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Excess);
  }

  test('is judged as brute force judges it, and the same from whatever second on', async () => {
    const archive = await archiveOf(workload);
    const whole = await excessesOf(archive, '2026-10-01T12:00:00Z');
    const truth = heatOracle(workload, question);
    expect(truth.length).toBeGreaterThan(20);
    expect(sorted(whole.map(withoutOrigin))).toEqual(sorted(truth));
    // Nobody hears an application of that name.
    expect(new Set(whole.map(({ application }) => application))).toEqual(new Set(['backtest of throttle']));

    const cut = from + 427;
    const later = await excessesOf(archive, new Date(cut * 1_000).toISOString().replace('.000Z', 'Z'));
    expect(later).toEqual(whole.filter(({ windowEnd }) => windowEnd > cut));
    expect(later.length).toBeGreaterThan(10);
  }, 600_000);
});

function withoutOrigin(excess: Excess): OracleExcess {
  const { resource, key, subject, units, limit } = excess;
  const { peakSecondUnits, activeSeconds, windowStart, windowEnd } = excess;
  return { resource, key, subject, units, limit, peakSecondUnits, activeSeconds, windowStart, windowEnd };
}

function sorted(excesses: readonly OracleExcess[]): OracleExcess[] {
  const name = ({ windowEnd, resource, key, subject }: OracleExcess): string =>
    JSON.stringify([windowEnd, resource, key, subject]);
  return [...excesses].sort((a, b) => (name(a) < name(b) ? -1 : 1));
}

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
