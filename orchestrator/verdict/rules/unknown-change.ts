import { type Rule, WITHOUT_STATE } from './rule';

export const unknownChange: Rule = {
  code: 'unknown-change',
  verdict: 'incompatible',
  help: 'a change that no rule knows: state is carried only where a rule says that it may be',
  way: `${WITHOUT_STATE}; or write a rule with its test`,
};
