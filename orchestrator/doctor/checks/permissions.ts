import { serviceName } from '../../rollout/desired';
import { type DoctorCheck, type Finding, ok, unknown } from '../doctor-check';

export const permissions: DoctorCheck = {
  code: 'permissions',
  help: 'commands may ask Managed Flink for what they need; tried with calls that change nothing',
  look: async ({ definitions, environment, flink, observed }) => {
    const findings: Finding[] = [];
    for (const { name } of definitions) {
      const found = await observed(name);
      if (found === undefined) {
        findings.push(ok(`DescribeApplication answers (${serviceName(name, environment)} is not there yet)`));
        continue;
      }
      await flink.operations(found.name, 1);
      await flink.snapshots(found.name);
      await flink.tags(found);
      findings.push(ok(`Describe-, operations, snapshots and tags of ${name} answer`));
    }
    const next =
      'try them with `aws iam simulate-principal-policy`: Create-, Update-, Start-, Stop-, Rollback-, DeleteApplication, ' +
      'Create-, DeleteApplicationSnapshot, CreateApplicationPresignedUrl, TagResource, iam:PassRole of the service role';
    return [...findings, unknown('what changes something cannot be tried harmlessly', next)];
  },
};
