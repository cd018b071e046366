/**
 * Whether two texts stand for one number. DynamoDB sends one form of each number; DynamoDB Local sends what an update
 * wrote, `1e20` where the item had 100000000000000000000. What is no number is the same only as itself.
 */
export function sameNumber(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'string' || typeof other !== 'string') return false;
  const form = numberForm(one);
  return form !== undefined && form === numberForm(other);
}

/** One text for each number: its sign, its digits without zeros around them, and the power of its last digit. */
export function numberForm(text: string): string | undefined {
  const parts = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (parts === null) return undefined;
  const [, sign = '', whole = '', fraction = '', power = '0'] = parts;
  const digits = whole + fraction;
  if (digits === '') return undefined;
  const significant = digits.replace(/^0+/, '').replace(/0+$/, '');
  if (significant === '') return '0';
  const zerosAfter = digits.length - digits.replace(/0+$/, '').length;
  return `${sign === '-' ? '-' : ''}${significant}e${String(Number(power) - fraction.length + zerosAfter)}`;
}
