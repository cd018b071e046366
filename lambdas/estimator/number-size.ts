import { Malformed } from './malformed';

const zero = 48;
const nine = 57;
const plus = 43;
const minus = 45;
const point = 46;

/** A number never takes more bytes than this, though 38 digits beside a point could fill 22 with a sign. */
const mostBytes = 21;

/**
 * Bytes that a DynamoDB number takes: 1, and 1 for each pair of digits, and 1 for a minus sign. Pairs are counted
 * from the decimal point in both directions, and pairs of zeros at either end cost nothing: 100 and 0.15 have one
 * pair, 150 and 1.5 have two. (DynamoDB Developer Guide, "DynamoDB item sizes and formats", which only says
 * "approximately"; the pairs and the most were measured at the border of a write unit.)
 *
 * Throws Malformed on what is no number. Makes no strings: it runs for every number of every change.
 */
export function numberSizeBytes(text: string): number {
  let at = 0;
  const sign = text.charCodeAt(0);
  if (sign === minus || sign === plus) at = 1;
  let digits = 0;
  let integerDigits = -1;
  let first = -1;
  let last = -1;
  let exponent = 0;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= zero && code <= nine) {
      if (code !== zero) {
        if (first < 0) first = digits;
        last = digits;
      }
      digits++;
    } else if (code === point && integerDigits < 0) {
      integerDigits = digits;
    } else if ((code | 32) === 101) {
      exponent = readExponent(text, at + 1);
      break;
    } else {
      throw notANumber(text);
    }
  }
  if (digits === 0) throw notANumber(text);
  if (first < 0) return 1;
  if (integerDigits < 0) integerDigits = digits;
  const highestPower = integerDigits - 1 - first + exponent;
  const lowestPower = integerDigits - 1 - last + exponent;
  const pairs = Math.floor(highestPower / 2) - Math.floor(lowestPower / 2) + 1;
  return Math.min(1 + pairs + (sign === minus ? 1 : 0), mostBytes);
}

function readExponent(text: string, from: number): number {
  const exponent = text.slice(from);
  if (!/^[+-]?\d{1,3}$/.test(exponent)) throw notANumber(text);
  return Number(exponent);
}

function notANumber(text: string): Malformed {
  return new Malformed(`${JSON.stringify(text.slice(0, 50))} is not a number`);
}
