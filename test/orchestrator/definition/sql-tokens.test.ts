import { sqlTokens } from '../../../orchestrator/definition/sql-tokens';

test.each([
  ['a comment to the end of the line', "-- it's ${x}\nb", ['comment', 'word']],
  ['a comment with slashes', "// it's\nb", ['comment', 'word']],
  ['a block comment over lines', '/* a ; \n b */ c', ['comment', 'word']],
  ['a literal with a doubled quote', "'it''s -- no comment' b", ['string', 'word']],
  ['a literal with escapes', String.raw`E'it\'s' b`, ['string', 'word']],
  ['a quoted name', '`a ``b` c', ['quoted-name', 'word']],
  ['a placeholder', '${window - 1s} b', ['placeholder', 'word']],
  ['a placeholder inside a literal is text', "'${x}'", ['string']],
] as const)('%s', (_, sql, kinds) => {
  expect(sqlTokens(sql).map(({ kind }) => kind)).toEqual(kinds);
});

test('lines are counted through comments and literals', () => {
  expect(sqlTokens("a\n/* \n */ 'x\ny'\nb").map(({ line }) => line)).toEqual([1, 2, 3, 5]);
});
