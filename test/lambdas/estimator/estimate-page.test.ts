import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AttributeValue } from 'aws-lambda';
import { itemSizeBytes } from '../../../lambdas/estimator/item-size';
import { readSettings } from '../../../lambdas/estimator/settings';
import { sizeOf } from './naive-estimate';

const page = readFileSync(join(__dirname, '../../../docs/estimate.md'), 'utf8');
const rows = [...page.matchAll(/^\| `(\{.*\})` \| (\d+) \|/gm)].map(([, value = '', bytes = '']) => [
  value,
  Number(bytes),
]);

test('the page has its table of hard values', () => {
  expect(rows.length).toBeGreaterThan(20);
});

test.each(rows)('the page says truly that %s takes %i bytes', (value, bytes) => {
  const image = { v: JSON.parse(String(value)) as AttributeValue };
  expect(itemSizeBytes(image) - 1).toBe(bytes);
  expect(sizeOf(image) - 1).toBe(bytes);
});

test('the settings on the page can be used', () => {
  const tables = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const settings = readSettings({
    SPILLWAY_USAGE_STREAM: 'usage',
    SPILLWAY_SET_ASIDE_STREAM: 'set-aside',
    SPILLWAY_PRIVACY_SALT: 'sixteen letters!',
    SPILLWAY_TABLES: tables,
  });
  expect([...settings.tables.keys()]).toEqual(['users', 'events']);
});
