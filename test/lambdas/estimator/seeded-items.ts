import type { AttributeValue } from 'aws-lambda';
import fc from 'fast-check';

const number = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 38n - 1n }),
    fc.integer({ min: 0, max: 38 }),
    fc.integer({ min: -80, max: 80 }),
  )
  .map(
    ([negative, digits, kept, power]) =>
      `${negative ? '-' : ''}${String(digits).slice(0, Math.max(1, kept))}e${String(power)}`,
  );
const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const bytes = fc.uint8Array({ maxLength: 30 }).map((all) => Buffer.from(all).toString('base64'));
const set = <T>(member: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.uniqueArray(member, { minLength: 1, maxLength: 4, selector: String });

/** A name that an attribute may have, in letters of one to four bytes. The SDK for JavaScript loses `__proto__`. */
export const attributeName = text.filter((name) => name !== '' && name !== '__proto__');

/** A value of any type DynamoDB knows, as an event holds it: binary as base64. */
export const { attributeValue } = fc.letrec<{ attributeValue: AttributeValue }>((tie) => ({
  attributeValue: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text.map((S) => ({ S })),
    number.map((N) => ({ N })),
    bytes.map((B) => ({ B })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.constant({ NULL: true }),
    set(text.filter((member) => member !== '')).map((SS) => ({ SS })),
    set(fc.integer().map(String)).map((NS) => ({ NS })),
    set(bytes.filter((member) => member !== '')).map((BS) => ({ BS })),
    fc.array(tie('attributeValue'), { maxLength: 4 }).map((L) => ({ L })),
    fc
      .dictionary(attributeName, tie('attributeValue'), { maxKeys: 4, noNullPrototype: true })
      .map((M) => ({ M })),
  ),
}));
