/**
 * A value of a template as text: `Ref` and `Fn::GetAtt` as the logical id in angle brackets, `Fn::Join` joined.
 * Throws for another intrinsic function.
 */
export function templateText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null) {
    const [[name, argument] = ['', undefined]] = Object.entries(value as Record<string, unknown>);
    if (name === 'Ref' && typeof argument === 'string') return `<${argument}>`;
    if (name === 'Fn::GetAtt' && Array.isArray(argument)) return `<${argument.join('.')}>`;
    if (name === 'Fn::Join' && Array.isArray(argument)) {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(templateText).join(separator);
    }
  }
  throw new Error(`this is no text of a template: ${JSON.stringify(value)}`);
}
