import { createHash } from 'node:crypto';
import type { Plan } from './plan';

/** Names a plan's content and freezes it: what is applied is what was shown. */
export function sealPlan(content: Omit<Plan, 'id'>): Plan {
  return deepFreeze({ ...content, id: planId(content) });
}

/** Made of everything else in the plan, in whatever order its members stand. */
export function planId(content: Omit<Plan, 'id'> & { id?: string }): string {
  return createHash('sha256')
    .update(canonical({ ...content, id: undefined }))
    .digest('hex')
    .slice(0, 16);
}

/** JSON with the members of every object in the order of their names, without those that are undefined. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
