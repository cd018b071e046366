import { type DoctorCheck, type Finding, ok, unknown } from '../doctor-check';

export const functions: DoctorCheck = {
  code: 'functions',
  help: 'the functions are there and may be invoked, as `spillway redrive` does; nothing is run',
  look: async ({ environment, functions: lambda }) => {
    const named = Object.values(environment.functions ?? {}).filter((name) => name !== undefined);
    if (named.length === 0) {
      const next = `have CDK's outputs say them, or name them as functions of ${environment.name} in ${environment.file}`;
      return [unknown('what the functions are called is not said', next)];
    }
    const findings: Finding[] = [];
    for (const name of named) {
      await lambda.dryRun(name);
      findings.push(ok(`${name} may be invoked`));
    }
    const next = 'see that `spillway prove` goes all the way';
    return [...findings, unknown('whether their event sources are on is not asked', next)];
  },
};
