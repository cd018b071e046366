import type { UsageRecord } from '../../lambdas/contracts/usage-record';

/** What one subject wrote to one key of one resource. */
export interface UnitsBySecond {
  readonly resource: string;
  readonly key: string;
  readonly subject: string;
  /** Write units by epoch second; seconds without any are absent. */
  readonly seconds: ReadonlyMap<number, number>;
}

/**
 * Adds usage up as the detections do: a record that was delivered twice counts once, by its name and its largest units.
 * Only entries of the given subject or key are kept.
 */
export class RecomputedUsage {
  readonly #units = new Map<string, number>();

  constructor(
    private readonly subjectOrKey: string,
    private readonly resource: string | undefined,
  ) {}

  add({ source, batch, part, second, entries }: UsageRecord): void {
    for (const { resource, key, subject, units } of entries) {
      if (subject !== this.subjectOrKey && key !== this.subjectOrKey) continue;
      if ((this.resource ?? resource) !== resource) continue;
      const name = JSON.stringify([resource, key, subject, second, source, batch, part]);
      this.#units.set(name, Math.max(units, this.#units.get(name) ?? 0));
    }
  }

  /** The one with the most units first. */
  all(): UnitsBySecond[] {
    const found = new Map<string, UnitsBySecond & { seconds: Map<number, number>; total: number }>();
    for (const [name, units] of this.#units) {
      const [resource, key, subject, second] = JSON.parse(name) as [string, string, string, number];
      const of = JSON.stringify([resource, key, subject]);
      const one = found.get(of) ?? { resource, key, subject, seconds: new Map<number, number>(), total: 0 };
      one.seconds.set(second, (one.seconds.get(second) ?? 0) + units);
      one.total += units;
      found.set(of, one);
    }
    return [...found.values()]
      .sort((one, other) => other.total - one.total)
      .map(({ resource, key, subject, seconds }) => ({ resource, key, subject, seconds }));
  }
}

/** A second's own units and the heat at its end: the units of the window that it closes. */
export interface HeatAt {
  readonly second: number;
  readonly units: number;
  readonly heat: number;
}

/** Units and heat of every second from the first to the last, silent ones included. */
export function heatBySecond(
  { seconds }: Pick<UnitsBySecond, 'seconds'>,
  windowSeconds: number,
  lastSecond: number,
): HeatAt[] {
  const first = Math.min(...seconds.keys(), lastSecond);
  const heats: HeatAt[] = [];
  let heat = 0;
  for (let second = first; second <= lastSecond; second++) {
    const units = seconds.get(second) ?? 0;
    heat += units - (seconds.get(second - windowSeconds) ?? 0);
    heats.push({ second, units, heat });
  }
  return heats;
}
