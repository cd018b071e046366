/**
 * Why a pattern of a subject template is refused, in words that end the sentence "the pattern …, which …"; undefined
 * for one that may be used. It runs on what tenants write, so it must not be one that a value can keep busy: repeated
 * groups can take a time exponential in the value's length, and each open repetition multiplies it by that length.
 */
export function refusalOfPattern(pattern: string): string | undefined {
  try {
    // With one alternative more it matches the empty text, which tells how many groups there are.
    const groups = (new RegExp(`${pattern}|`, 'u').exec('')?.length ?? 1) - 1;
    if (groups > 1) return 'has more than one group: the one it has is the subject; write others as (?:…)';
  } catch (cause) {
    return `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
  // What is escaped or in a class is no operator.
  const operators = pattern.replace(/\\./gu, 'x').replace(/\[[^\]]*\]/gu, 'x');
  if (/\)(?:[*+]|\{\d+,?\d*\})/u.test(operators)) return 'repeats a group, which can take for ever';
  if (/\(\?(?:[=!]|<[=!])/u.test(operators)) return 'looks ahead or behind, which is not needed here';
  if ((operators.match(/[*+]|\{\d+,\d*\}/gu) ?? []).length > 2) return 'has more than two open repetitions';
  return undefined;
}
