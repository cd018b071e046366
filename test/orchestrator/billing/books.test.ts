import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { rmSync } from 'node:fs';
import { createControlTable } from '../../../infra/local/control-table';
import { clientSettings } from '../../../lambdas/delivery/environment';
import { awsBooks } from '../../../orchestrator/billing/books/aws-books';
import type { Books } from '../../../orchestrator/billing/books/books';
import { folderBooks } from '../../../orchestrator/billing/books/folder-books';
import { lastPublished, publish } from '../../../orchestrator/billing/books/published';
import { enterRun, invoiceRun, listRuns } from '../../../orchestrator/billing/books/runs';
import { uniqueName } from '../../infra/local/event-sources/streams-of-one-test';
import { warmSystem } from '../../parts/warm-system';
import { newFolder } from '../archive/archive-folder';

const { environment } = warmSystem();
const folder = newFolder();
const [controlTable, archiveBucket] = [uniqueName('control'), uniqueName('archive').toLowerCase()];
const places: Readonly<Record<string, () => Books>> = {
  'a folder': () => folderBooks(folder),
  'the control table and the bucket': () =>
    awsBooks({ region: 'us-east-1', controlTable, archiveBucket }, environment),
};

beforeAll(async () => {
  const dynamodb = new DynamoDBClient(clientSettings(environment, 'DYNAMODB'));
  const s3 = new S3Client({ ...clientSettings(environment, 'S3'), forcePathStyle: true });
  await createControlTable(dynamodb, controlTable);
  await s3.send(new CreateBucketCommand({ Bucket: archiveBucket }));
  dynamodb.destroy();
  s3.destroy();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(Object.entries(places))('%s', (_name, open) => {
  let books: Books;

  beforeEach(() => {
    books = open();
  });

  afterEach(() => books.close());

  test('an entry is made once and stays as it is', async () => {
    expect(await books.read('overage', 'invoice#2026-09')).toBeUndefined();
    expect(await books.create('overage', { name: 'invoice#2026-09', text: 'one' })).toBe(true);
    expect(await books.create('overage', { name: 'invoice#2026-09', text: 'two' })).toBe(false);
    expect(await books.read('overage', 'invoice#2026-09')).toBe('one');
    expect(await books.read('others', 'invoice#2026-09')).toBeUndefined();
  });

  test('entries are listed by how their names begin, in order', async () => {
    for (const name of ['b#2', 'b#1', 'a#1']) await books.create('listed', { name, text: name });
    expect(await books.list('listed', 'b#')).toEqual([
      { name: 'b#1', text: 'b#1' },
      { name: 'b#2', text: 'b#2' },
    ]);
    expect(await books.list('nothing', 'b#')).toEqual([]);
  });

  test('a file under a name made of its content is written once; another content is refused', async () => {
    expect(await books.readFile('x/table.csv')).toBeUndefined();
    await books.writeFile('x/table.csv', 'period,ä\n');
    await books.writeFile('x/table.csv', 'period,ä\n');
    await expect(books.writeFile('x/table.csv', 'other')).rejects.toThrow('Nothing was overwritten');
    expect(await books.readFile('x/table.csv')).toBe('period,ä\n');
  });

  test('the first run of a month is its invoice, whoever runs first; others are re-ratings', async () => {
    const month = { definition: 'entered', period: '2026-09' };
    const at = new Date('2026-10-05T00:00:00Z');
    const entered = await Promise.all(
      ['run-a', 'run-b'].map((run) => enterRun(books, month, run, { at, who: 'test' })),
    );
    expect([...entered].sort()).toEqual(['invoice', 're-rating']);
    const invoice = await invoiceRun(books, 'entered', '2026-09');
    expect(invoice).toBe(entered[0] === 'invoice' ? 'run-a' : 'run-b');
    expect(await enterRun(books, month, invoice ?? '', { at, who: 'later' })).toBe('invoice');
    expect((await listRuns(books, 'entered')).map(({ run, who }) => [run, who]).sort()).toEqual([
      ['run-a', 'test'],
      ['run-b', 'test'],
    ]);
  });

  test('two who publish the same version: one does', async () => {
    const json = JSON.stringify({
      kind: 'report',
      reads: ['entries'],
      key: ['subject'],
      measures: ['units'],
      parameters: {},
      versions: [{ from: '2026-01', why: 'a test' }],
    });
    const header = ['Bills', 'Unit', 'Period', 'Rounding', 'Late data']
      .map((field) => `-- ${field}: x\n`)
      .join('');
    const sql = `${header}SELECT subject, SUM(units) AS units FROM entries GROUP BY subject\n`;
    const by = { version: 1, at: new Date('2026-10-05T00:00:00Z'), who: 'test' };
    const both = await Promise.allSettled([
      publish(books, 'published', { json, sql }, by),
      publish(books, 'published', { json, sql: sql.replace('SUM', 'MAX') }, by),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await lastPublished(books, 'published')).toMatchObject({
      version: 1,
      definition: { sql: expect.stringMatching(/SUM|MAX/) as string },
    });
  });
});
