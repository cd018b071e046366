import { type DoctorCheck, type Finding, ok, unknown, wrong } from '../doctor-check';

export const application: DoctorCheck = {
  code: 'application',
  help: 'each application was applied and runs',
  look: async ({ environment, definitions, observed }) => {
    const findings: Finding[] = [];
    for (const { name } of definitions) {
      const found = await observed(name);
      const at = `--env ${environment.name}`;
      if (found === undefined) {
        findings.push(unknown(`${name} was never applied`, `spillway plan ${name} ${at}, then apply`));
      } else if (found.status === 'READY') {
        findings.push(wrong(`${name} is stopped`, `spillway start ${name} ${at}`));
      } else if (found.status === 'RUNNING') {
        findings.push(
          ok(`${name} is RUNNING, version ${found.version}; \`spillway status\` tells how it is doing`),
        );
      } else {
        findings.push(unknown(`${name} is ${found.status}`, 'wait, and look again'));
      }
    }
    return findings;
  },
};
