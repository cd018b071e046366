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
    ['a name with a space and dots', '{a b.c}', 'odd'],
    ['binary', '{raw}', 'AQI='],
  ])('is filled with %s', (_situation, template, expected) => {
    const image = { app_id: { S: 'app_1' }, tenant: { N: '7' }, 'a b.c': { S: 'odd' }, raw: { B: 'AQI=' } };
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

  it('does not take what every object inherits for an attribute', () => {
    expect(subject('{constructor}', {})).toMatchObject({ found: false, problem: 'missing' });
  });

  it.each([
    ['no attribute', 'everyone', /"everyone" names no attribute, so that every write/],
    ['nothing', '', /"" names no attribute/],
    ['empty braces', 'a{}', /names no attribute between "{" and "}"/],
    ['an open brace', '{app_id', /has a "{" without its partner/],
    ['a closing brace', 'app_id}', /has a "}" without its partner/],
    ['braces in braces', '{a{b}}', /has a "{" without its partner/],
  ])('is refused with %s', (_situation, template, message) => {
    expect(() => parseSubjectTemplate(template)).toThrow(message);
  });
});
