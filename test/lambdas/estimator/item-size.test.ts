import fc from 'fast-check';
import { itemSizeBytes } from '../../../lambdas/estimator/item-size';
import { Malformed } from '../../../lambdas/estimator/malformed';
import { numberSizeBytes } from '../../../lambdas/estimator/number-size';

/** Each was found at DynamoDB Local by growing an item until it cost a second write unit. */
describe('the bytes of a number', () => {
  it.each([
    ['0', 1],
    ['-0', 1],
    ['0.000', 1],
    ['1', 2],
    ['10', 2],
    ['99', 2],
    ['100', 2],
    ['101', 3],
    ['150', 3],
    ['1500', 2],
    ['15000', 3],
    ['1234', 3],
    ['12345', 4],
    ['1000000', 2],
    ['10000001', 5],
    ['0.1', 2],
    ['0.10', 2],
    ['1.00', 2],
    ['0.0001', 2],
    ['0.15', 2],
    ['0.015', 3],
    ['1.5', 3],
    ['12.5', 3],
    ['123.456', 5],
    ['100.001', 5],
    ['-1', 3],
    ['-100', 3],
    ['-123', 4],
    ['-0.5', 3],
    ['1e10', 2],
    ['1E+11', 2],
    ['1e125', 2],
    ['1.1e37', 2],
    ['1e-130', 2],
    ['1.5e-130', 3],
    ['12345678901234567890123456789012345678', 20],
    ['-12345678901234567890123456789012345678', 21],
    ['1.2345678901234567890123456789012345678', 21],
    ['-1.2345678901234567890123456789012345678', 21],
    ['-9.9999999999999999999999999999999999999e125', 21],
  ])('%s takes %i', (number, bytes) => {
    expect(numberSizeBytes(number)).toBe(bytes);
  });

  it.each(['', '-', '.', 'abc', '1.2.3', '1e', '1e1.5', '1 ', ' 1', '0x10', 'NaN', 'Infinity', '1e9999'])(
    'refuses %p',
    (text) => {
      expect(() => numberSizeBytes(text)).toThrow(Malformed);
    },
  );

  const digits = fc.bigInt({ min: 1n, max: 10n ** 38n - 1n }).map(String);

  it('does not change with zeros before and after the digits, nor with the exponent form', () => {
    fc.assert(
      fc.property(digits, fc.nat({ max: 20 }), fc.nat({ max: 40 }), (number, zeros, power) => {
        const bytes = numberSizeBytes(number);
        expect(numberSizeBytes('0'.repeat(zeros) + number)).toBe(bytes);
        expect(numberSizeBytes(`${number}.${'0'.repeat(zeros)}`)).toBe(bytes);
        expect(numberSizeBytes(`${number}e${String(power)}`)).toBe(
          numberSizeBytes(number + '0'.repeat(power)),
        );
        expect(numberSizeBytes(`${number}e-${String(power * 2)}`)).toBe(bytes);
      }),
    );
  });

  it('takes one more with a minus sign, up to 21', () => {
    fc.assert(
      fc.property(digits, (number) => {
        expect(numberSizeBytes(`-${number}`)).toBe(Math.min(numberSizeBytes(number) + 1, 21));
      }),
    );
  });
});

/** Each value stands under a name of one byte, which is taken off. */
describe('the bytes of a value', () => {
  it.each([
    ['an empty string', { S: '' }, 0],
    ['letters', { S: 'app_1' }, 5],
    ['a letter of two bytes', { S: 'é' }, 2],
    ['a letter of three bytes', { S: '語' }, 3],
    ['a letter of four bytes', { S: '😀' }, 4],
    ['a number', { N: '123' }, 3],
    ['no bytes', { B: '' }, 0],
    ['one byte', { B: 'AQ==' }, 1],
    ['two bytes', { B: 'AQI=' }, 2],
    ['three bytes', { B: 'AQID' }, 3],
    ['true', { BOOL: true }, 1],
    ['false', { BOOL: false }, 1],
    ['null', { NULL: true }, 1],
    ['a set of strings', { SS: ['a', 'bc'] }, 3],
    ['a set of numbers', { NS: ['1', '123'] }, 5],
    ['a set of negative numbers', { NS: ['-1', '100'] }, 5],
    ['a set of binaries', { BS: ['AQI=', 'AQID'] }, 5],
    ['an empty list', { L: [] }, 3],
    ['an empty map', { M: {} }, 3],
    ['a list', { L: [{ S: 'a' }, { N: '1' }] }, 8],
    ['a list in a list', { L: [{ L: [] }] }, 7],
    ['a map', { M: { a: { S: 'b' } } }, 6],
    ['a map with a name of two bytes', { M: { é: { N: '12' }, k: { NULL: true } } }, 11],
    ['a map in a map', { M: { a: { M: { b: { L: [{ SS: ['x', 'yy'] }] } } } } }, 17],
  ])('%s', (_situation, value, bytes) => {
    expect(itemSizeBytes({ v: value }) - 1).toBe(bytes);
  });
});

describe('the bytes of an item', () => {
  it('are its names and values', () => {
    expect(itemSizeBytes({ app_id: { S: 'app_1' }, größe: { N: '1.5' } })).toBe(6 + 5 + 7 + 3);
  });

  it('are the sum of its attributes', () => {
    const attributes = fc.dictionary(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.oneof(
        fc.string({ unit: 'grapheme' }).map((S) => ({ S })),
        fc.uint8Array().map((bytes) => ({ B: Buffer.from(bytes).toString('base64') })),
        fc.array(fc.record({ BOOL: fc.boolean() })).map((L) => ({ L })),
      ),
    );
    const bytesOf = (value: object): number => {
      if ('S' in value) return new TextEncoder().encode(String(value.S)).length;
      if ('B' in value) return Buffer.from(String(value.B), 'base64').length;
      return 'L' in value ? 3 + 2 * (value.L as unknown[]).length : NaN;
    };
    fc.assert(
      fc.property(attributes, (item) => {
        const expected = Object.entries(item).map(
          ([name, value]) => new TextEncoder().encode(name).length + bytesOf(value),
        );
        expect(itemSizeBytes(item)).toBe(expected.reduce((sum, bytes) => sum + bytes, 0));
      }),
    );
  });

  const nested = (levels: number): unknown =>
    Array.from({ length: levels }).reduce((inner) => ({ L: [inner] }), { S: 'a' } as unknown);

  it.each([
    ['a value without a type', { v: {} }, /"v" has no type/],
    ['a value of two types', { v: { S: 'a', N: '1' } }, /"v" has more than one type/],
    ['an unknown type', { v: { X: 'a' } }, /"v" is of the unknown type "X"/],
    ['no value', { v: null }, /"v" is no typed value/],
    ['plain text', { v: 'a' }, /"v" is no typed value/],
    ['a string that is a number', { v: { S: 1 } }, /"v" of type S does not hold text/],
    ['a number that is none', { v: { N: 'many' } }, /"v" holds a wrong number: "many" is not a number/],
    ['a set that is text', { v: { SS: 'a' } }, /"v" of type SS is no array/],
    ['a set of other things', { v: { NS: [1] } }, /"v" of type NS does not hold text/],
    ['a map that is an array', { v: { M: [] } }, /"v" of type M is no map/],
    ['a boolean that is text', { v: { BOOL: 'true' } }, /"v" of type BOOL is not true or false/],
    ['a corrupt value deep inside', { v: { M: { a: { L: [{ Q: 1 }] } } } }, /unknown type "Q"/],
    ['more levels than DynamoDB takes', { v: nested(33) }, /"v" is nested deeper than 32 levels/],
  ])('names the attribute of %s', (_situation, item, message) => {
    expect(() => itemSizeBytes(item)).toThrow(Malformed);
    expect(() => itemSizeBytes(item)).toThrow(message);
  });

  it('are known for as many levels as DynamoDB takes', () => {
    expect(itemSizeBytes({ v: nested(31) })).toBe(1 + 31 * 4 + 1);
  });
});
