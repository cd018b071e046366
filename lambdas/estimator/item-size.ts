import { Malformed } from './malformed';
import { numberSizeBytes } from './number-size';

/** Attributes by name, as a stream record's `Keys`, `NewImage` and `OldImage` hold them: not yet checked. */
export type Image = Readonly<Record<string, unknown>>;

/** DynamoDB refuses documents nested deeper; what is deeper is no item and could exhaust the stack. */
const deepestLevel = 32;

/**
 * Bytes of an item as DynamoDB counts them: of each attribute, its name in UTF-8 and its value. Throws Malformed,
 * naming the attribute, where a value is not of DynamoDB's form.
 *
 * Rules: DynamoDB Developer Guide, "DynamoDB item sizes and formats". Strings are UTF-8 bytes, binary is its bytes
 * before base64, a boolean or null is 1, a set is the sum of its members, a list or map is 3 and for each element 1
 * more than the element (and its name).
 */
export function itemSizeBytes(image: Image): number {
  let bytes = 0;
  for (const name in image) {
    bytes += utf8Bytes(name) + attributeSizeBytes(image[name], name);
  }
  return bytes;
}

/** Bytes of one attribute's value without its name. Throws Malformed, naming the attribute. */
export function attributeSizeBytes(attribute: unknown, name: string, level = 0): number {
  if (typeof attribute !== 'object' || attribute === null) throw malformed(name, 'is no typed value');
  let bytes = -1;
  for (const type in attribute) {
    if (bytes >= 0) throw malformed(name, 'has more than one type');
    bytes = valueSizeBytes(type, (attribute as Record<string, unknown>)[type], name, level);
  }
  if (bytes < 0) throw malformed(name, 'has no type');
  return bytes;
}

function valueSizeBytes(type: string, value: unknown, name: string, level: number): number {
  switch (type) {
    case 'S':
      return utf8Bytes(text(value, type, name));
    case 'N':
      return numberBytes(text(value, type, name), name);
    case 'B':
      return decodedLength(text(value, type, name));
    case 'BOOL':
    case 'NULL':
      if (typeof value !== 'boolean') throw malformed(name, `of type ${type} is not true or false`);
      return 1;
    case 'SS':
      return sum(value, type, name, (member) => utf8Bytes(text(member, type, name)));
    case 'NS':
      return sum(value, type, name, (member) => numberBytes(text(member, type, name), name));
    case 'BS':
      return sum(value, type, name, (member) => decodedLength(text(member, type, name)));
    case 'L':
      checkLevel(name, level);
      return 3 + sum(value, type, name, (element) => 1 + attributeSizeBytes(element, name, level + 1));
    case 'M':
      checkLevel(name, level);
      return 3 + mapSizeBytes(value, name, level);
    default:
      throw malformed(name, `is of the unknown type ${JSON.stringify(type.slice(0, 20))}`);
  }
}

function mapSizeBytes(value: unknown, name: string, level: number): number {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(name, 'of type M is no map');
  }
  let bytes = 0;
  for (const key in value) {
    const element = (value as Record<string, unknown>)[key];
    bytes += 1 + utf8Bytes(key) + attributeSizeBytes(element, name, level + 1);
  }
  return bytes;
}

function sum(value: unknown, type: string, name: string, sizeOf: (member: unknown) => number): number {
  if (!Array.isArray(value)) throw malformed(name, `of type ${type} is no array`);
  let bytes = 0;
  for (const member of value as unknown[]) bytes += sizeOf(member);
  return bytes;
}

function text(value: unknown, type: string, name: string): string {
  if (typeof value === 'string') return value;
  throw malformed(name, `of type ${type} does not hold text`);
}

function numberBytes(number: string, name: string): number {
  try {
    return numberSizeBytes(number);
  } catch (cause) {
    throw cause instanceof Malformed ? malformed(name, `holds a wrong number: ${cause.message}`) : cause;
  }
}

/**
 * Bytes of text in UTF-8. Names and most values are short and ASCII, which is seen here in less time than a call
 * out of JavaScript takes.
 */
export function utf8Bytes(value: string): number {
  const length = value.length;
  if (length > 48) return Buffer.byteLength(value);
  for (let at = 0; at < length; at++) {
    if (value.charCodeAt(at) > 127) return Buffer.byteLength(value);
  }
  return length;
}

/** Bytes that base64 text stands for: three for four characters, without the padding at the end. */
function decodedLength(base64: string): number {
  let characters = base64.length;
  while (characters > 0 && base64.charCodeAt(characters - 1) === 61) characters--;
  return Math.floor((characters * 3) / 4);
}

function checkLevel(name: string, level: number): void {
  if (level >= deepestLevel) throw malformed(name, `is nested deeper than ${String(deepestLevel)} levels`);
}

function malformed(name: string, problem: string): Malformed {
  return new Malformed(`the attribute ${JSON.stringify(name.slice(0, 100))} ${problem}`);
}
