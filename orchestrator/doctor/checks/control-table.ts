import { type DoctorCheck, ok, wrong } from '../doctor-check';

export const controlTable: DoctorCheck = {
  code: 'control-table',
  help: 'the table with the lock, the history and the generations is there, keyed by pk and sk',
  look: async ({ environment, tables }) => {
    const name = environment.controlTable;
    const table = await tables.describe(name);
    if (table === undefined) {
      const next = `deploy the infrastructure, or correct controlTable in ${environment.file}`;
      return [wrong(`there is no table ${name}`, next)];
    }
    return [
      table.keys.join(' ') === 'pk sk'
        ? ok(`${name} is ${table.status}`)
        : wrong(
            `${name} is keyed by ${table.keys.join(' and ')}`,
            'name the table that CDK made for Spillway',
          ),
    ];
  },
};
