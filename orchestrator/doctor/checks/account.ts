import { askCaller } from '../../service/caller';
import { type DoctorCheck, ok, unknown, wrong } from '../doctor-check';

export const account: DoctorCheck = {
  code: 'account',
  help: 'the credentials are of the account that environments.json names, so that nothing is changed elsewhere',
  look: async ({ environment, variables }) => {
    const caller = await askCaller(environment.region, variables);
    if (caller === undefined) {
      return [unknown('a local server stands in for AWS: it has no accounts', 'nothing to do')];
    }
    const detail = `${caller.arn} of account ${caller.account}`;
    return [
      caller.account === environment.account
        ? ok(detail)
        : wrong(
            `${detail}, but ${environment.name} is account ${environment.account}`,
            `set AWS_PROFILE to a profile of that account, or correct account in ${environment.file}`,
          ),
    ];
  },
};
