/** One DynamoDB key attribute as the stream and the SDK show it. */
export type KeyAttribute = { S: string } | { N: string } | { B: string | Uint8Array };

/**
 * A partition key value as text: its type and the value, `S:app_1`, `N:42`, `B:<base64>`. Several attributes
 * (an index may have up to four) are joined with `|`, each value's own `|` and `\` escaped by `\`, so that two
 * different keys never make one text. A number keeps the digits DynamoDB sends: it sends one canonical form.
 */
export function keyText(attributes: readonly KeyAttribute[]): string {
  const [first] = attributes;
  if (first !== undefined && attributes.length === 1) return escape(attributeText(first));
  if (attributes.length === 0) throw new RangeError('a key has at least one attribute');
  return attributes.map((attribute) => escape(attributeText(attribute))).join('|');
}

function attributeText(attribute: KeyAttribute): string {
  if ('S' in attribute) return `S:${attribute.S}`;
  if ('N' in attribute) return `N:${attribute.N}`;
  const bytes = attribute.B;
  return `B:${typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('base64')}`;
}

function escape(text: string): string {
  // Hardly any text has one, and to look is much faster than to replace.
  if (!text.includes('|') && !text.includes('\\')) return text;
  return text.replace(/[\\|]/g, '\\$&');
}
