import type { ApplicationSettings } from '../service/application';

/** One thing that is not as wanted; `from` or `to` is undefined where there is nothing. */
export interface Difference {
  /** `release`, a setting's name, or `parameter <name>`. */
  what: string;
  from: string | undefined;
  to: string | undefined;
}

/** Compares what is with what is wanted: the code, each setting and each parameter. Pure. */
export function differences(observed: ApplicationSettings, desired: ApplicationSettings): Difference[] {
  const settings: [string, string | number, string | number][] = [
    ['release', observed.codeKey, desired.codeKey],
    ['code bucket', observed.bucket, desired.bucket],
    ['runtime', observed.runtime, desired.runtime],
    ['service role', observed.serviceRole, desired.serviceRole],
    ['parallelism', observed.parallelism, desired.parallelism],
    ['parallelism per KPU', observed.parallelismPerKpu, desired.parallelismPerKpu],
    ['checkpoint interval, s', observed.checkpointIntervalSeconds, desired.checkpointIntervalSeconds],
  ];
  const names = [...new Set([...Object.keys(observed.parameters), ...Object.keys(desired.parameters)])];
  const parameters = names.sort().map((name): Difference => {
    return { what: `parameter ${name}`, from: observed.parameters[name], to: desired.parameters[name] };
  });
  return [
    ...settings.map(([what, from, to]): Difference => ({ what, from: String(from), to: String(to) })),
    ...parameters,
  ].filter(({ from, to }) => from !== to);
}
