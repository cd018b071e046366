import { eventFilter } from '../../../../infra/local/event-sources/event-filter';

const matches = (pattern: object, document: unknown): boolean =>
  eventFilter({ Filters: [{ Pattern: JSON.stringify(pattern) }] })(document);

test.each([
  ['exact text', { a: ['x', 'y'] }, [{ a: 'y' }], [{ a: 'z' }, { a: 1 }, {}, { a: ['z'] }]],
  ['exact number', { a: [5] }, [{ a: 5 }, { a: [4, 5] }], [{ a: '5' }, { a: 6 }]],
  ['null and the empty text', { a: [null, ''] }, [{ a: null }, { a: '' }], [{}, { a: 'x' }, { a: 0 }]],
  ['truth', { a: [true] }, [{ a: true }], [{ a: false }, { a: 'true' }]],
  ['prefix', { a: [{ prefix: 'ab' }] }, [{ a: 'ab' }, { a: 'abc' }], [{ a: 'b' }, { a: 5 }, {}]],
  ['suffix', { a: [{ suffix: 'ab' }] }, [{ a: 'cab' }], [{ a: 'abc' }, {}]],
  ['equals-ignore-case', { a: [{ 'equals-ignore-case': 'Ab' }] }, [{ a: 'aB' }], [{ a: 'abc' }]],
  ['exists', { a: [{ exists: true }] }, [{ a: null }, { a: 0 }], [{}, { a: { b: 1 } }]],
  ['does not exist', { a: [{ exists: false }] }, [{}, { b: 1 }], [{ a: 1 }]],
  ['numeric', { a: [{ numeric: ['=', 3] }] }, [{ a: 3 }], [{ a: 4 }, { a: '3' }, {}]],
  ['numeric range', { a: [{ numeric: ['>', 0, '<=', 5] }] }, [{ a: 5 }, { a: 0.1 }], [{ a: 0 }, { a: 5.1 }]],
  ['anything-but a value', { a: [{ 'anything-but': 'x' }] }, [{ a: 'y' }, { a: 1 }], [{ a: 'x' }, {}]],
  ['anything-but values', { a: [{ 'anything-but': ['x', 1] }] }, [{ a: 'y' }], [{ a: 'x' }, { a: 1 }]],
  ['anything-but a prefix', { a: [{ 'anything-but': { prefix: 'x' } }] }, [{ a: 'y' }], [{ a: 'xy' }, {}]],
  ['all fields', { a: ['x'], b: ['y'] }, [{ a: 'x', b: 'y', c: 1 }], [{ a: 'x' }, { b: 'y' }]],
  [
    'nested',
    { a: { b: { c: ['x'] } } },
    [{ a: { b: { c: 'x' } } }],
    [{ a: { b: 'x' } }, { a: { c: 'x' } }, {}],
  ],
  ['nested in a list', { a: { b: ['x'] } }, [{ a: [{ b: 'y' }, { b: 'x' }] }], [{ a: [{ b: 'y' }] }]],
  ['nested and missing', { a: { b: [{ exists: false }] } }, [{ a: {} }, {}], [{ a: { b: 1 } }]],
  [
    '$or',
    { $or: [{ a: ['x'] }, { b: [{ numeric: ['>', 1] }] }] },
    [{ a: 'x' }, { b: 2 }],
    [{ a: 'y', b: 1 }],
  ],
])('the rule "%s" holds where it should and nowhere else', (_rule, pattern, yes, no) => {
  expect(yes.filter((document) => !matches(pattern, document))).toEqual([]);
  expect(no.filter((document) => matches(pattern, document))).toEqual([]);
});

test('one of several patterns is enough, and no pattern lets all through', () => {
  const filter = eventFilter({ Filters: [{ Pattern: '{"a":["x"]}' }, { Pattern: '{"b":["y"]}' }] });
  expect([{ a: 'x' }, { b: 'y' }, { c: 'z' }].map(filter)).toEqual([true, true, false]);
  expect(eventFilter({ Filters: [] })({})).toBe(true);
});

test.each([
  ['no JSON', '{', 'is not JSON'],
  ['no object', '["a"]', 'is not an object'],
  ['no rule', '{"a":[]}', 'no rule for a'],
  ['no list of rules', '{"a":{"b":"x"}}', 'list of rules or an object for a.b'],
  ['nothing', '{}', 'is empty'],
  ['a rule nobody knows', '{"a":[{"wildcard":"x*"}]}', 'no rule that is known for a'],
  ['a comparison nobody knows', '{"a":[{"numeric":["~",5]}]}', 'no rule that is known for a'],
  ['an empty anything-but', '{"a":[{"anything-but":[]}]}', 'no rule that is known for a'],
  ['a field that is not for filters', '{"b":["x"]}', 'may name a, not "b"'],
  ['too long a text', JSON.stringify({ a: ['x'.repeat(4_096)] }), 'longer than 4096'],
])('a pattern with %s is refused', (_what, Pattern, message) => {
  expect(() => eventFilter({ Filters: [{ Pattern }] }, ['a'])).toThrow(message);
});

test('more than five filters are refused', () => {
  expect(() =>
    eventFilter({ Filters: Array.from({ length: 6 }, () => ({ Pattern: '{"a":["x"]}' })) }),
  ).toThrow('at most 5 filters, not 6');
});
