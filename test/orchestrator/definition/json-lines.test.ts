import fc from 'fast-check';
import { parseJsonWithLines } from '../../../orchestrator/definition/json-lines';

test('each member has its line', () => {
  const json = parseJsonWithLines('{\n  "a": [1,\n    {"b": "x\\"}{"}],\n\n  "c": {}\n}');
  expect(json.lineOf(['a'])).toBe(2);
  expect(json.lineOf(['a', 0])).toBe(2);
  expect(json.lineOf(['a', 1, 'b'])).toBe(3);
  expect(json.lineOf(['c'])).toBe(5);
});

test('what is not there has the line of what would enclose it', () => {
  const json = parseJsonWithLines('{\n  "a": {\n    "b": 1\n  }\n}');
  expect(json.lineOf(['a', 'missing', 'deeper'])).toBe(2);
});

test('pretty-printed JSON: the line of every top-level member is where its name stands', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const text = JSON.stringify(value, null, 2);
      const json = parseJsonWithLines(text);
      for (const name of Object.keys(value)) {
        const line = text.split('\n')[json.lineOf([name]) - 1] ?? '';
        expect(line.startsWith(`  ${JSON.stringify(name)}: `)).toBe(true);
      }
    }),
  );
});
