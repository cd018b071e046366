import fc from 'fast-check';
import { ActiveSet } from '../../guard/active-set';
import type { Suspension } from '../../guard';
import { aSuspension } from './changes';

interface Known {
  until: number;
  scope: Suspension['scope'];
  retained: boolean;
}

/** The set as a plain map says it: what each step means, without slots and arrays. */
class Model {
  readonly known = new Map<string, Known>();
  readonly refusals = new Map<string, number>();

  replace(listed: readonly Suspension[], afterReset: boolean, nowMs: number): void {
    for (const [subject, entry] of this.known) {
      if (!afterReset && !entry.retained) this.known.delete(subject);
      else this.known.set(subject, { ...entry, retained: true });
    }
    for (const one of listed) if (one.until > nowMs) this.put(one);
  }

  put({ subject, until, scope }: Suspension): void {
    this.known.set(subject, { until, scope, retained: false });
  }
}

const subject = fc.integer({ min: 0, max: 150 }).map((n) => `app_${String(n)}`);
const scope = fc.constantFrom<Suspension['scope'][]>('writes', 'everything', 'route:a');
const suspension = fc
  .record({ subject, until: fc.integer({ min: 1, max: 300 }), scope })
  .map(({ subject: name, ...rest }) => aSuspension(name, rest));
const step = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), suspension }),
  fc.record({ kind: fc.constant('lift' as const), subject }),
  fc.record({
    kind: fc.constant('replace' as const),
    listed: fc.uniqueArray(suspension, { selector: (one) => one.subject, maxLength: 120 }),
    afterReset: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('refuse' as const), subject }),
  fc.record({ kind: fc.constant('take' as const) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 40 }) }),
);
const requests = [
  undefined,
  { scope: 'reads' },
  { scope: 'writes', route: 'a' },
  { scope: 'reads', route: 'b' },
] as const;

/** What a model's entry answers a request. */
function refuses(known: Known | undefined, request: (typeof requests)[number], nowMs: number): boolean {
  if (known === undefined || known.until <= nowMs) return false;
  if (known.scope === 'everything') return true;
  const route = request !== undefined && 'route' in request ? request.route : undefined;
  if (known.scope === 'writes' || route === undefined) return request?.scope !== 'reads';
  return known.scope === `route:${route}`;
}

/** The subjects, with the requests, of which the set says something else than the model. */
function wrongAnswers(set: ActiveSet, model: Model, nowMs: number): unknown[] {
  const wrong: unknown[] = [];
  for (let n = 0; n <= 150; n++) {
    const name = `app_${String(n)}`;
    const slot = set.slotOf(name);
    for (const request of requests) {
      const suspension = slot === undefined ? undefined : set.refusing(slot, request, nowMs);
      const wanted = refuses(model.known.get(name), request, nowMs) ? name : undefined;
      if (suspension?.subject !== wanted) wrong.push([name, request, suspension]);
    }
  }
  return wrong;
}

test('after any steps the set answers as a plain map does, and no refusal is lost or counted twice', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const [set, model] = [new ActiveSet(), new Model()];
      const taken = new Map<string, number>();
      let nowMs = 0;
      const take = (): void => {
        for (const [name, count] of set.takeRefusals()) taken.set(name, (taken.get(name) ?? 0) + count);
      };
      for (const one of steps) {
        if (one.kind === 'put') {
          set.put(one.suspension);
          model.put(one.suspension);
        } else if (one.kind === 'lift') {
          set.lift(one.subject);
          model.known.delete(one.subject);
        } else if (one.kind === 'replace') {
          set.replace(one.listed, one.afterReset, nowMs);
          model.replace(one.listed, one.afterReset, nowMs);
        } else if (one.kind === 'take') {
          take();
        } else if (one.kind === 'wait') {
          nowMs += one.ms;
          set.sweep(nowMs);
        } else {
          const slot = set.slotOf(one.subject);
          if (slot === undefined) continue;
          set.countRefusal(slot);
          model.refusals.set(one.subject, (model.refusals.get(one.subject) ?? 0) + 1);
        }
        expect(wrongAnswers(set, model, nowMs)).toEqual([]);
      }
      take();
      expect(taken).toEqual(model.refusals);
    }),
    { numRuns: process.env['SPILLWAY_FULL'] === '1' ? 2_000 : 100 },
  );
});
