import { numberForm, sameNumber } from './same-number';

/**
 * Whether two attribute values, each `{type: value}` as a stream record shows it, are the same to DynamoDB. The first
 * one must be of DynamoDB's form; then so is the second one if they are the same. Numbers are compared by their value,
 * the members of a set in any order.
 */
export function sameAttribute(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  let types = 0;
  for (const type in one) {
    types++;
    const value = (one as Record<string, unknown>)[type];
    const otherValue = (other as Record<string, unknown>)[type];
    if (value !== otherValue && !sameValue(type, value, otherValue)) return false;
  }
  return types === Object.keys(other).length;
}

function sameValue(type: string, one: unknown, other: unknown): boolean {
  switch (type) {
    case 'N':
      return sameNumber(one, other);
    case 'NS':
      return Array.isArray(one) && Array.isArray(other) && sameSet(one.map(formOf), other.map(formOf));
    case 'SS':
    case 'BS':
      return Array.isArray(one) && Array.isArray(other) && sameSet(one as unknown[], other as unknown[]);
    case 'L':
      return Array.isArray(one) && Array.isArray(other) && sameList(one as unknown[], other as unknown[]);
    case 'M':
      return isMap(one) && isMap(other) && sameMap(one, other);
    default:
      return false;
  }
}

function sameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((element, at) => sameAttribute(element, other[at]));
}

function formOf(member: unknown): unknown {
  return typeof member === 'string' ? (numberForm(member) ?? member) : member;
}

function sameSet(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false;
  if (one.every((member, at) => member === other[at])) return true;
  const members = new Set(one);
  return members.size === new Set(other).size && other.every((member) => members.has(member));
}

function sameMap(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean {
  let names = 0;
  for (const name in one) {
    names++;
    if (!Object.hasOwn(other, name) || !sameAttribute(one[name], other[name])) return false;
  }
  return names === Object.keys(other).length;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
