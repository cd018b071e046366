import { z } from 'zod';
import { name, version, wholeNumber } from './fields';
import { suspensionScope } from './suspension';

/**
 * What follows from an excess: its subject is suspended, or it is only written down whom that would have been, or
 * nothing at all. In this order, each is more careful than the one before.
 */
export const policyModes = ['enforce', 'simulate', 'off'] as const;
export const policyMode = z.enum(policyModes);
export type PolicyMode = z.infer<typeof policyMode>;

const longestSeconds = 30 * 24 * 3600;
const seconds = wholeNumber.min(1).max(longestSeconds);

/** How long a subject is suspended, and what its offences do to that. */
const terms = z.strictObject({
  mode: policyMode.describe(
    'enforce, simulate or off; the more careful of this and the whole policy’s counts',
  ),
  firstSeconds: seconds.describe('The length for a first offence'),
  factor: z
    .number()
    .min(1)
    .max(10)
    .describe('How many times longer each further offence suspends; 1 is always the same'),
  ceilingSeconds: seconds.describe('No suspension is longer'),
  decaySeconds: seconds.describe('Each such time without an excess takes one offence back'),
  jitter: z
    .number()
    .min(0)
    .max(1)
    .describe(
      'How much of the step to the next length is drawn by lot, so that those suspended together do not return together',
    ),
  scope: suspensionScope.describe('What is refused: writes, or everything'),
});

export type PolicyTerms = z.infer<typeof terms>;

const selector = {
  application: name.optional().describe('Only excesses of this application'),
  detection: name.optional().describe('Only excesses of this detection'),
  resource: name.optional().describe('Only excesses of this table or index'),
};

/** The policy file: how excesses become suspensions. */
export const policy = z
  .strictObject({
    $schema: z.string().optional(),
    version,
    mode: policyMode.describe('Over all: nothing is done more boldly than this'),
    breaker: z.strictObject({
      suspensionsPerMinute: wholeNumber
        .min(1)
        .max(100_000)
        .describe(
          'The most new suspensions within 60 seconds; with one more the breaker opens and nobody is suspended until it is reset',
        ),
    }),
    default: terms,
    rules: z
      .array(z.strictObject({ ...selector, ...terms.partial().shape }))
      .max(200)
      .describe('Read in order: each that fits an excess replaces the terms it names'),
  })
  .check(({ value, issues }) => {
    const all: Policy['rules'] = [{}, ...value.rules];
    for (const [index, rule] of all.entries()) {
      const firstSeconds = rule.firstSeconds ?? value.default.firstSeconds;
      const ceilingSeconds = rule.ceilingSeconds ?? value.default.ceilingSeconds;
      if (firstSeconds <= ceilingSeconds) continue;
      issues.push({
        code: 'custom',
        input: firstSeconds,
        path: index === 0 ? ['default', 'firstSeconds'] : ['rules', index - 1],
        message: `is above the ceiling: firstSeconds is ${String(firstSeconds)}, ceilingSeconds ${String(ceilingSeconds)}`,
      });
    }
  });

export type Policy = z.infer<typeof policy>;
