import { type DoctorCheck, ok, unknown } from '../doctor-check';

export const allowList: DoctorCheck = {
  code: 'allow-list',
  help: 'Managed Flink lets code set only listed configuration, and fails the job that sets another',
  look: ({ definitions }) => {
    const options = definitions.flatMap(({ files }) =>
      [...files.values()].flatMap((text) =>
        [...text.matchAll(/^SET '([^']+)'/gm)].map(([, name]) => name ?? ''),
      ),
    );
    const names = [...new Set(options)];
    if (names.length === 0) return Promise.resolve([ok('the SQL sets no configuration')]);
    const next =
      'compare with "Modifiable Apache Flink settings" of the developer guide, or see the first apply to staging run';
    return Promise.resolve([
      unknown(`whether ${names.join(', ')} may be set was not verified against the service`, next),
    ]);
  },
};
