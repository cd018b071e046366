import fc from 'fast-check';
import { checkParameter, durationSeconds } from '../../../orchestrator/definition/parameters';

test.each([
  ['1s', 1],
  ['119s', 119],
  ['2m', 120],
  ['1h', 3600],
  ['0s', 0],
  ['99h', 356_400],
])('the duration %s has %i seconds', (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});

test.each(['', '2', 'm', '2 m', '-1s', '1.5m', '100h', '2m30s', '1d'])('"%s" is no duration', (text) => {
  expect(durationSeconds(text)).toBeUndefined();
});

test('an integer within its bounds becomes its digits, one outside is refused', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), fc.integer(), (a, b, value) => {
      const [min, max] = a < b ? [a, b] : [b, a];
      const checked = checkParameter({ type: 'integer', min, max, doc: 'd' }, value);
      expect(checked.ok).toBe(value >= min && value <= max);
      if (checked.ok) expect(Number(checked.text)).toBe(value);
    }),
  );
});

test.each([['60000'], [1.5], [null], [2 ** 53]])('%p is no integer', (value) => {
  expect(checkParameter({ type: 'integer', doc: 'd' }, value)).toMatchObject({
    ok: false,
    code: 'parameter-ill-typed',
  });
});

test('a map is written in the order of its keys, so that the same map is the same text', () => {
  const declaration = { type: 'map<text, integer>', doc: 'd' } as const;
  expect(checkParameter(declaration, { b: 2, a: 1 })).toEqual({ ok: true, text: '{"a":1,"b":2}' });
});

test("a map's bounds hold for its values", () => {
  const declaration = { type: 'map<text, integer>', min: 1, doc: 'd' } as const;
  expect(checkParameter(declaration, { users: 0 })).toEqual({
    ok: false,
    code: 'parameter-bounds',
    reason: 'has 0 for "users", less than its min 1',
  });
});

test('a text with declared values is one of them, and the nearest is offered', () => {
  const declaration = { type: 'text', values: ['LATEST', 'AT_TIMESTAMP'], doc: 'd' } as const;
  const checked = (text: string): unknown =>
    checkParameter({ ...declaration, values: [...declaration.values] }, text);
  expect(checked('AT_TIMESTAMP')).toEqual({ ok: true, text: 'AT_TIMESTAMP' });
  expect(checked('LATST')).toEqual({
    ok: false,
    code: 'parameter-bounds',
    reason: 'is "LATST", but it must be one of LATEST, AT_TIMESTAMP (did you mean "LATEST"?)',
  });
});
