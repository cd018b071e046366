import { type DoctorCheck, type Finding, ok, wrong } from '../doctor-check';

export const streams: DoctorCheck = {
  code: 'streams',
  help: 'the streams for usage, excesses and what is set aside are there and active',
  look: async ({ environment, streams: kinesis }) => {
    const findings: Finding[] = [];
    for (const [use, name] of Object.entries(environment.streams)) {
      const found = await kinesis.describe(name);
      if (found === undefined) {
        const next = `deploy the infrastructure, or correct streams.${use} in ${environment.file}`;
        findings.push(wrong(`there is no stream ${name}`, next));
      } else if (found.status === 'ACTIVE' || found.status === 'UPDATING') {
        findings.push(ok(`${name} is ${found.status} with ${found.shards} shards`));
      } else findings.push(wrong(`${name} is ${found.status}`, 'wait until it is ACTIVE'));
    }
    return findings;
  },
};
