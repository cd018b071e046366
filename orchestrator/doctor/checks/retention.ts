import { durationSeconds } from '../../definition/parameters';
import { parameterValues } from '../../definition/parameter-values';
import { lookBackOf } from '../../plan/look-back';
import { type DoctorCheck, type Finding, ok, wrong } from '../doctor-check';

/** A replay begins a window, the delay and a margin before its cutover, and a rollout takes its time. */
const ROOM_SECONDS = 3600;

export const retention: DoctorCheck = {
  code: 'retention',
  help: 'the usage stream keeps records long enough for a rollout that reads the longest window again',
  look: async ({ environment, definitions, streams }) => {
    const stream = await streams.describe(environment.streams.usage);
    // That it is not there is another check's finding.
    if (stream === undefined) return [];
    const keptSeconds = stream.retentionHours * 3600;
    const findings = definitions.map((definition): Finding => {
      const values = parameterValues(definition, environment);
      const { windowSeconds, delaySeconds } = lookBackOf(definition.files, values);
      const needed = windowSeconds + delaySeconds + ROOM_SECONDS;
      const detail = `${environment.streams.usage} keeps ${stream.retentionHours} h, a replay of ${definition.name} needs ${Math.ceil(needed / 3600)} h`;
      return keptSeconds >= needed
        ? ok(detail)
        : wrong(detail, 'raise the retention of the usage stream, or make the window shorter');
    });
    const said = durationSeconds(environment.usageRetention ?? '24h') ?? 0;
    if (said <= keptSeconds) return findings;
    const detail = `${environment.file} says that usage is kept ${environment.usageRetention ?? '24h'}, but it is kept ${stream.retentionHours} h`;
    return [...findings, wrong(detail, 'write usageRetention as it is')];
  },
};
