import {
  longestSubjectCharacters,
  parseSubjectTemplate,
  subjectOf,
} from '../../../lambdas/estimator/subject-template';

const subject = (template: string, ...images: Record<string, unknown>[]): unknown =>
  subjectOf(parseSubjectTemplate(template), images);

describe('a subject template', () => {
  it.each([
    ['one attribute', '{app_id}', 'app_1'],
    ['text around it', 'app:{app_id}!', 'app:app_1!'],
    ['several attributes', '{tenant}/{app_id}', '7/app_1'],
    ['attributes side by side', '{tenant}{app_id}', '7app_1'],
    ['a name with a space and dots', "{'a b.c'}", 'odd'],
    ['a name with a quote', "{'it''s'}", 'quote'],
    ['a name with colons', '{aws:rep}', 'eu'],
    ['a nested attribute', '{owner.id}', 'u1'],
    ['a nested name with a dot', "{owner.'e.mail'}", 'a@b'],
    ['an element of a list', '{owner.teams.1}', 'blue'],
    ['the second part of a key', "{pk part 2 by '#'}", '42'],
    ['the last part of a key', "{pk part -1 by '#'}", 'x:1'],
    ['a part by a longer separator', "{pk part 1 by '#42#'}", 'APP'],
    ['the group of a pattern', "{pk match '^APP#([0-9]{1,3})#'}", '42'],
    ['all that a pattern without a group matches', "{pk match '[a-z]:[0-9]'}", 'x:1'],
    ['several pieces of one key', "{pk part 1 by '#'}-{pk part 2 by '#'}", 'APP-42'],
    ['binary', '{raw}', 'AQI='],
  ])('is filled with %s', (_situation, template, expected) => {
    const image = {
      app_id: { S: 'app_1' },
      tenant: { N: '7' },
      'a b.c': { S: 'odd' },
      raw: { B: 'AQI=' },
      "it's": { S: 'quote' },
      'aws:rep': { S: 'eu' },
      pk: { S: 'APP#42#x:1' },
      owner: { M: { id: { S: 'u1' }, 'e.mail': { S: 'a@b' }, teams: { L: [{ S: 'red' }, { S: 'blue' }] } } },
    };
    expect(subject(template, image)).toEqual({ found: true, subject: expected });
  });

  it('takes each attribute from the first image that has it', () => {
    const keys = { id: { S: 'k' } };
    expect(subject('{id}/{app}', keys, { id: { S: 'x' }, app: { S: 'new' } }, { app: { S: 'old' } })).toEqual(
      {
        found: true,
        subject: 'k/new',
      },
    );
  });

  it.each([
    ['a missing attribute', {}, 'missing'],
    ['an empty one', { app_id: { S: '' } }, 'empty'],
    ['one that is a map', { app_id: { M: {} } }, 'not text, a number or binary'],
    ['one that is null', { app_id: { NULL: true } }, 'not text, a number or binary'],
    ['a corrupt one', { app_id: null }, 'not text, a number or binary'],
    ['one too long for a name', { app_id: { S: 'x'.repeat(longestSubjectCharacters + 1) } }, 'too long'],
  ])('finds no subject in %s', (_situation, image, problem) => {
    expect(subject('{app_id}', image)).toEqual({ found: false, attribute: 'app_id', problem });
  });

  it.each([
    ['a path into text', '{app_id.id}', 'missing'],
    ['a path past a list', '{teams.7}', 'missing'],
    ['the length of a list', '{teams.length}', 'missing'],
    ['a path that ends in a map', '{owner}', 'not text, a number or binary'],
    ['a part there is not', "{app_id part 3 by '_'}", 'without that part'],
    ['a part before the first', "{app_id part -3 by '_'}", 'without that part'],
    ['an empty part', "{odd part 2 by '_'}", 'without that part'],
    ['a pattern that does not match', "{app_id match '^x'}", 'not matched'],
    ['a pattern on a long text', "{long match 'x'}", 'too long'],
  ])('finds no subject in %s', (_situation, template, problem) => {
    const image = {
      app_id: { S: 'app_1' },
      odd: { S: 'a__b' },
      long: { S: 'x'.repeat(longestSubjectCharacters + 1) },
      teams: { L: [{ S: 'red' }] },
      owner: { M: {} },
    };
    expect(subject(template, image)).toEqual({ found: false, attribute: template.slice(1, -1), problem });
  });

  it('does not take what every object inherits for an attribute', () => {
    expect(subject('{constructor}', {})).toMatchObject({ found: false, problem: 'missing' });
  });

  it.each([
    ['no attribute', 'everyone', /"everyone" names no attribute, so that every write/],
    ['nothing', '', /"" names no attribute/],
    ['empty braces', 'a{}', /names no attribute between "{" and "}"/],
    ['an open brace', '{app_id', /has a "{" without its partner/],
    ['a closing brace', 'app_id}', /has a "}" without its partner/],
    ['a bare name with a space', '{a b}', /has \{a b\}, which is no attribute name; .* single quotes/],
    ['a path without an end', '{a.}', /has \{a\.\}, which is no attribute name/],
    ['part 0', "{a part 0 by '#'}", /a number \(1 is the first part, -1 the last\) and a separator/],
    ['a part without a separator', '{a part 2}', /as in \{pk part 2 by '#'\}/],
    ['a pattern without quotes', '{a match b}', /a pattern between single quotes is needed/],
    ['a pattern that is none', "{a match '('}", /has the pattern '\(', which cannot be read/],
    ['two groups', "{a match '(a)(b)'}", /has more than one group/],
    ['a repeated group', "{a match '(?:a|b)+'}", /repeats a group, which can take for ever/],
    ['three open repetitions', "{a match 'a+b*c{2,}'}", /has more than two open repetitions/],
    ['a look ahead', "{a match '(?=a)b'}", /looks ahead or behind/],
    ['braces in braces', '{a{b}}', /has a "{" without its partner/],
  ])('is refused with %s', (_situation, template, message) => {
    expect(() => parseSubjectTemplate(template)).toThrow(message);
  });
});
