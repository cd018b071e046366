import { failedItems } from '../../../../infra/local/event-sources/batch-response';

const batch = new Set(['1', '2', '3']);

test.each([
  ['nothing', undefined],
  ['null', null],
  ['an empty answer', {}],
  ['no list', { batchItemFailures: null }],
  ['an empty list', { batchItemFailures: [] }],
])('%s means that all went well', (_situation, answer) => {
  expect(failedItems(answer, batch)).toEqual(new Set());
});

test('items of the batch that are named have failed', () => {
  const answer = { batchItemFailures: [{ itemIdentifier: '3' }, { itemIdentifier: '1' }] };
  expect(failedItems(answer, batch)).toEqual(new Set(['1', '3']));
});

test.each([
  ['an empty name', { itemIdentifier: '' }],
  ['a null name', { itemIdentifier: null }],
  ['another field', { item: '1' }],
  ['an item of another batch', { itemIdentifier: '4' }],
  ['no object', '1'],
])('%s means that all failed', (_situation, failure) => {
  expect(failedItems({ batchItemFailures: [{ itemIdentifier: '1' }, failure] }, batch)).toBe('all');
});

test('a list that is none means that all failed', () => {
  expect(failedItems({ batchItemFailures: '1' }, batch)).toBe('all');
});
