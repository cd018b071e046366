import type { Rule } from './page-event';

const mostRules = 20;

/** By what rule heats were judged, and since when: the limit can change while the page looks on. */
export class RuleHistory {
  private readonly rules: { readonly fromSecond: number; readonly rule: Rule }[] = [];

  update(rule: Rule, nowSecond: number): void {
    if (JSON.stringify(this.current) === JSON.stringify(rule)) return;
    this.rules.push({ fromSecond: nowSecond, rule });
    if (this.rules.length > mostRules) this.rules.shift();
  }

  get current(): Rule | undefined {
    return this.rules.at(-1)?.rule;
  }

  /** The limit of a resource from a second on, one step for each change; the first holds for the time before it too. */
  limitSteps(resource: string, fromSecond: number): (readonly [second: number, units: number])[] {
    const steps: (readonly [number, number])[] = [];
    for (const { fromSecond: since, rule } of this.rules) {
      const step = [Math.max(since, fromSecond), limitOf(rule, resource)] as const;
      // What was replaced before the time asked for does not show.
      if (steps.at(-1)?.[0] === step[0]) steps.pop();
      if (steps.at(-1)?.[1] !== step[1]) steps.push(step);
    }
    return steps;
  }
}

/** Write units per window that this resource may take. */
export function limitOf(rule: Rule, resource: string): number {
  return rule.limits[resource] ?? rule.limit;
}
