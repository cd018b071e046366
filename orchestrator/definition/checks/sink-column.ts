import { excess } from '../../../lambdas/contracts/excess';
import { setAside } from '../../../lambdas/contracts/set-aside';
import { didYouMean } from '../did-you-mean';
import { createdTables } from '../created-tables';
import { type Check, inFile } from './check';

/** The contract a sink's records must follow, by the parameter that names its stream. */
const contracts: Readonly<Record<string, { name: string; fields: readonly string[] }>> = {
  excess_stream: { name: 'excess', fields: Object.keys(excess.shape) },
  set_aside_stream: { name: 'set-aside record', fields: Object.keys(setAside.shape) },
};

export const sinkColumn: Check = {
  code: 'sink-column',
  help: 'a record with a field its contract lacks is set aside by whoever reads it, so that nobody is suspended',
  stops: 'run',
  find: (checked) =>
    checked.files.flatMap((file) =>
      createdTables(file.tokens).flatMap((table) => {
        const contract = table.streamParameter === undefined ? undefined : contracts[table.streamParameter];
        if (contract === undefined) return [];
        return table.columns
          .filter(({ name }) => !contract.fields.includes(name))
          .map(({ name, line }) =>
            inFile(
              checked,
              file,
              line,
              `the contract of an ${contract.name} has no field "${name}"${didYouMean(name, contract.fields)}: ` +
                `its fields are ${contract.fields.join(', ')}`,
            ),
          );
      }),
    ),
};
