import { type DoctorCheck, type Finding, ok, unknown } from '../doctor-check';

export const logging: DoctorCheck = {
  code: 'logging',
  help: 'applications keep their log, so that `spillway logs` has more than the last exceptions',
  look: async ({ definitions, observed }) => {
    const findings: Finding[] = [];
    for (const { name } of definitions) {
      const found = await observed(name);
      if (found === undefined) continue;
      const next = 'give it one with `aws kinesisanalyticsv2 add-application-cloud-watch-logging-option`';
      findings.push(
        found.logStreamArn === undefined
          ? unknown(`${name} has no logging option: what it logs is kept nowhere`, next)
          : ok(`${name} logs to ${found.logStreamArn}`),
      );
    }
    return findings;
  },
};
