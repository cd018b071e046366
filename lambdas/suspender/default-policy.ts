import type { Policy } from '../contracts/policy';

/** What counts where nobody has applied a policy. Its first length is one window: then the heat has left it. */
export const defaultPolicy: Policy = {
  version: 1,
  mode: 'enforce',
  breaker: { suspensionsPerMinute: 30 },
  default: {
    mode: 'enforce',
    firstSeconds: 120,
    factor: 2,
    ceilingSeconds: 3600,
    decaySeconds: 24 * 3600,
    jitter: 0.2,
    scope: 'writes',
  },
  rules: [],
};

/** Every offence suspends equally long. */
export function fixedLengthPolicy(suspensionSeconds: number): Policy {
  const { default: terms } = defaultPolicy;
  const length = { firstSeconds: suspensionSeconds, ceilingSeconds: suspensionSeconds, factor: 1, jitter: 0 };
  return { ...defaultPolicy, default: { ...terms, ...length } };
}
