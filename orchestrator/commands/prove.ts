import { proveWay } from '../prove/prove';
import { proveText } from '../report/prove-report';
import { serviceName } from '../rollout/desired';
import { managedFlink } from '../service/managed-flink';
import { kinesisStreams } from '../service/usage-streams';
import { countOf, type CommonOptions } from './options';
import { EXIT_DONE, EXIT_FAILED, type Streams } from './streams';
import { lengthSeconds, type OperatorPlace, withOperator, write } from './with-operator';

export interface ProveOptions extends CommonOptions {
  units?: string;
  timeout: string;
}

/** `spillway prove`: a synthetic subject goes through the running system. Fails where it does not come through. */
export function prove(application: string, options: ProveOptions, streams: Streams): Promise<number> {
  return withOperator(options, streams, async (place) => {
    const { operator, environment, variables } = place;
    const kinesis = kinesisStreams(environment.region, variables);
    try {
      const { subject, steps } = await proveWay({
        operator,
        streams: kinesis,
        streamNames: environment.streams,
        application: () => applicationOf(application, place),
        ...(options.units !== undefined && { units: countOf('--units', options.units, 1_000_000_000) }),
        timeoutMs: lengthSeconds('--timeout', options.timeout) * 1000,
        say: (line) => void streams.stderr.write(`${line}\n`),
      });
      const passed = steps.every((step) => step.passed);
      write(streams, options, 'prove', { subject, passed, steps }, proveText(subject, steps));
      return passed ? EXIT_DONE : EXIT_FAILED;
    } finally {
      kinesis.close();
    }
  });
}

async function applicationOf(
  application: string,
  { environment, variables }: OperatorPlace,
): Promise<{ running: boolean; detail: string; limit: number }> {
  const flink = managedFlink(environment.region, variables);
  try {
    const observed = await flink.describe(serviceName(application, environment));
    const limit = Number(observed?.parameters['limit'] ?? NaN);
    if (observed?.status !== 'RUNNING') {
      const status = observed === undefined ? 'not there' : observed.status;
      return {
        running: false,
        detail: `${application} is ${status}: \`spillway apply ${application}\``,
        limit,
      };
    }
    return { running: true, detail: `${application} is RUNNING, its limit is ${limit}`, limit };
  } finally {
    flink.close();
  }
}
