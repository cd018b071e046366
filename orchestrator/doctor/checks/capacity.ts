import { type DoctorCheck, type Finding, ok, unknown, wrong } from '../doctor-check';

/** Of an application (developer guide, quotas). */
const MOST_SNAPSHOTS = 1_000;
const NEAR = 900;

export const capacity: DoctorCheck = {
  code: 'capacity',
  help: 'KPUs and snapshots that applications use, beside what the service allows',
  look: async ({ definitions, flink, observed }) => {
    const findings: Finding[] = [];
    for (const { name, capacity: wanted } of definitions) {
      const kpus = Math.ceil(wanted.parallelism / wanted.parallelismPerKpu) + 1;
      const found = await observed(name);
      const snapshots = found === undefined ? 0 : (await flink.snapshots(found.name)).length;
      const detail = `${name} takes ${kpus} KPUs, twice that in a handover; ${snapshots} of ${MOST_SNAPSHOTS} snapshots`;
      findings.push(
        snapshots < NEAR
          ? ok(detail)
          : wrong(detail, `delete old ones with \`spillway snapshots delete ${name} NAME\``),
      );
    }
    const next = 'compare with the quota "KPUs" of Managed Flink in the console of Service Quotas';
    return [...findings, unknown('how many KPUs the account may use is not asked', next)];
  },
};
