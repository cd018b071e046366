import { type DoctorCheck, type Finding, ok, unknown, wrong } from '../doctor-check';

export const streamViewType: DoctorCheck = {
  code: 'stream-view-type',
  help: 'the streams of protected tables carry old and new images: a write costs by the larger of the two',
  look: async ({ environment, tables }) => {
    if (environment.tables === undefined) {
      const next = `list them as tables of ${environment.name} in ${environment.file}`;
      return [unknown('which tables are protected is not said', next)];
    }
    const findings: Finding[] = [];
    for (const name of environment.tables) {
      const type = (await tables.describe(name))?.streamViewType;
      const next = `turn its stream on with NEW_AND_OLD_IMAGES; a stream's type cannot be changed, only made anew`;
      if (type === 'NEW_AND_OLD_IMAGES') findings.push(ok(`${name} has ${type}`));
      else findings.push(wrong(`${name} has ${type ?? 'no stream'}`, next));
    }
    return findings;
  },
};
