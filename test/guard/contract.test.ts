import type { Suspension as GuardSuspension } from '../../guard';
import { readChange, readSuspension } from '../../guard/read-change';
import { type Suspension, suspension, suspensionScope } from '../../lambdas/contracts/suspension';
import type { StoreChange } from '../../lambdas/contracts/suspension-store';
import { aRequest } from '../lambdas/suspender/requests';

const asContracted: Suspension = {
  version: 1,
  subject: 'app_1',
  since: 1,
  until: 2,
  offences: 1,
  scope: 'writes',
  reason: aRequest().excess,
};
/** What the compiler holds together: a contracted suspension is one for the guard. */
const asGuarded: GuardSuspension = asContracted;

test.each(['writes', 'everything', 'route:POST /items'] as const)(
  'a suspension of scope %s is one for the contract and for the guard, alone and as a change',
  (scope) => {
    const one = suspension.parse({ ...asGuarded, scope });
    expect(readSuspension(JSON.stringify(one))).toEqual(one);
    const change: StoreChange = { version: 1, epoch: 'e', suspension: one };
    expect(readChange(JSON.stringify(change))).toEqual(change);
  },
);

test.each(['', 'reads', 'route:', 'route:a"b', 'route:a\\b', 'route:a\nb', `route:${'x'.repeat(201)}`])(
  'the scope %j is refused by the contract',
  (scope) => {
    expect(suspensionScope.safeParse(scope).success).toBe(false);
  },
);
