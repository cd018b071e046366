import fc from 'fast-check';
import { type Policy, policy, type PolicyTerms } from '../../../lambdas/contracts/policy';
import { defaultPolicy } from '../../../lambdas/suspender/default-policy';
import { lengthMs, lengthsMs, offencesLeft, termsFor } from '../../../lambdas/suspender/policy';

const someTerms: fc.Arbitrary<PolicyTerms> = fc
  .record({
    firstSeconds: fc.integer({ min: 1, max: 100_000 }),
    beyond: fc.integer({ min: 0, max: 1_000_000 }),
    factor: fc.double({ min: 1, max: 10, noNaN: true }),
    decaySeconds: fc.integer({ min: 1, max: 1_000_000 }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ beyond, ...terms }) => ({
    ...terms,
    mode: 'enforce',
    scope: 'writes',
    ceilingSeconds: terms.firstSeconds + beyond,
  }));
const anId = fc.string({ minLength: 1, maxLength: 32 });
const anOffence = fc.integer({ min: 1, max: 200 });

test('a further offence is never shorter, whatever was drawn for either', () => {
  fc.assert(
    fc.property(someTerms, anId, anId, anOffence, (terms, one, other, offence) => {
      expect(lengthMs(terms, other, offence + 1)).toBeGreaterThanOrEqual(lengthMs(terms, one, offence));
    }),
  );
});

test('no suspension is above the ceiling or below the first length', () => {
  fc.assert(
    fc.property(someTerms, anId, anOffence, (terms, id, offence) => {
      const length = lengthMs(terms, id, offence);
      expect(length).toBeLessThanOrEqual(terms.ceilingSeconds * 1000);
      expect(length).toBeGreaterThanOrEqual(terms.firstSeconds * 1000);
    }),
  );
});

test('the same request has the same length', () => {
  fc.assert(
    fc.property(someTerms, anId, (terms, id) => {
      expect(lengthsMs(terms, id)).toEqual(lengthsMs({ ...terms }, id));
    }),
  );
});

test('offences decay one by one, and after enough quiet the next one is a first again', () => {
  fc.assert(
    fc.property(someTerms, anOffence, fc.integer({ min: 0, max: 10_000_000 }), (terms, offences, quiet) => {
      const left = offencesLeft(terms, offences, quiet);
      expect(left).toBeLessThanOrEqual(offences);
      expect(left).toBeGreaterThanOrEqual(offencesLeft(terms, offences, quiet + 1));
      expect(offencesLeft(terms, offences, offences * terms.decaySeconds)).toBe(0);
      expect(offencesLeft(terms, offences, terms.decaySeconds - 1)).toBe(offences);
    }),
  );
});

test('the default doubles from two minutes up to an hour', () => {
  const lengths = lengthsMs({ ...defaultPolicy.default, jitter: 0 }, 'any');
  expect(lengths.map((ms) => ms / 1000)).toEqual([120, 240, 480, 960, 1920, 3600]);
});

const excess = { application: 'throttle', detection: 'burst', resource: 'users' };

test('rules that fit an excess replace the terms they name, the later over the earlier', () => {
  const written: Policy = {
    ...defaultPolicy,
    rules: [
      { resource: 'users', firstSeconds: 60, scope: 'everything' },
      { detection: 'burst', firstSeconds: 30 },
      { resource: 'orders', firstSeconds: 1 },
      { application: 'another', firstSeconds: 2 },
    ],
  };
  expect(termsFor(written, excess)).toEqual({
    ...defaultPolicy.default,
    firstSeconds: 30,
    scope: 'everything',
  });
});

test.each([
  ['enforce', 'simulate', 'simulate'],
  ['simulate', 'enforce', 'simulate'],
  ['off', 'simulate', 'off'],
  ['enforce', 'off', 'off'],
  ['enforce', 'enforce', 'enforce'],
] as const)('over all %s and for the detection %s is %s', (mode, ofRule, expected) => {
  const written: Policy = { ...defaultPolicy, mode, rules: [{ detection: 'burst', mode: ofRule }] };
  expect(termsFor(written, excess).mode).toBe(expected);
});

test.each([
  ['a first length above the ceiling', { default: { ...defaultPolicy.default, firstSeconds: 3601 } }],
  ['a rule that lifts the first length above the ceiling', { rules: [{ firstSeconds: 7200 }] }],
  ['an unknown key', { ceiling: 5 }],
  ['a factor below one', { default: { ...defaultPolicy.default, factor: 0.5 } }],
])('a policy with %s is refused', (_situation, changes) => {
  expect(policy.safeParse({ ...defaultPolicy, ...changes }).success).toBe(false);
});

test('the default is a policy', () => {
  expect(policy.parse(defaultPolicy)).toEqual(defaultPolicy);
});
