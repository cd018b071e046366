import fc from 'fast-check';
import { partAmong } from '../../../guard/reporter/costs';
import { writeOfStatement } from '../../../guard/reporter/statement';
import { valuesSetBy } from '../../../guard/reporter/update-values';

test.each([
  ['SET a = :a', { a: { S: '1' } }],
  ['set #n = :a, b = :b REMOVE c', { name: { S: '1' }, b: { N: '2' } }],
  ['REMOVE c SET b = :b', { b: { N: '2' } }],
  ['SET a = if_not_exists(a, :a), b = :b', { b: { N: '2' } }],
  ['SET a = list_append(if_not_exists(a, :b), :a)', {}],
  ['SET a = :a + :b', {}],
  ['SET a.b = :a', {}],
  ['SET a[1] = :a', {}],
  ['ADD a :a DELETE b :b', {}],
])('an update shows the plain values that it sets: %s', (UpdateExpression, expected) => {
  const set = valuesSetBy({
    UpdateExpression,
    ExpressionAttributeNames: { '#n': 'name' },
    ExpressionAttributeValues: { ':a': { S: '1' }, ':b': { N: '2' } },
  });
  expect(set).toEqual(expected);
});

const parameters = [{ S: 'one' }, { S: 'two' }];

test.each([
  [
    `INSERT INTO "users" VALUE {'app_id': ?, 'n': 7, 'note': 'it''s'}`,
    { kind: 'put', attributes: { app_id: { S: 'one' }, n: { N: '7' }, note: { S: "it's" } } },
  ],
  [`UPDATE users SET a = ? WHERE app_id = ?`, { kind: 'update', attributes: { app_id: { S: 'two' } } }],
  [`delete from "users" where "app_id"='x?y'`, { kind: 'delete', attributes: { app_id: { S: 'x?y' } } }],
  [`UPDATE "users" SET a = 1 WHERE app_id > ?`, { kind: 'update', attributes: {} }],
])('a statement shows what it gives and compares: %s', (statement, expected) => {
  expect(writeOfStatement(statement, parameters)).toEqual({ table: 'users', ...expected });
});

test.each([`SELECT * FROM "users" WHERE app_id = ?`, `EXISTS(SELECT * FROM "users")`, '', undefined])(
  'a statement that does not write shows nothing: %s',
  (statement) => {
    expect(writeOfStatement(statement, parameters)).toBeUndefined();
  },
);

test('parts add up to the whole, and none is more than one away from its proportion', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 25 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), weights, (total, given) => {
      const parts = partAmong(total, given);
      const sum = given.reduce((all, weight) => all + weight, 0);
      expect(parts.reduce((all, part) => all + part, 0)).toBe(total);
      parts.forEach((part, at) => {
        expect(Math.abs(part - (total * (given[at] ?? 0)) / sum)).toBeLessThan(1);
      });
    }),
  );
});
