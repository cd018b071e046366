/** A count for people: `12.3 million`, `4,567`. */
export function amount(count: number): string {
  if (count >= 1e6) return `${(count / 1e6).toLocaleString('en-US', { maximumFractionDigits: 1 })} million`;
  return count.toLocaleString('en-US', { maximumFractionDigits: count < 10 ? 2 : 0 });
}
