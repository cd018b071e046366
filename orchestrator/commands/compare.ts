import { isHeard } from '../../lambdas/contracts/generations';
import { compareExcesses } from '../comparison/compare-excesses';
import { onlyApplication } from '../definition/read-definition';
import { liveGeneration } from '../plan/slots';
import { compareJson, compareText } from '../report/compare-report';
import { excessStream } from '../rollout/excess-stream';
import { dynamoDbControl } from '../service/control-table';
import { kinesisStreams } from '../service/streams';
import { UserFault } from '../user-fault';
import { environmentOf, guardedVariables } from './open-place';
import { type CompareOptions, secondsOf } from './options';
import { EXIT_DONE, type Streams } from './streams';

/**
 * Excesses are read from the stream by arrival: this much before the first second that is compared, because clocks may
 * differ by as much.
 */
const beforeSeconds = 60;

/** `spillway compare [application]`: who the shadow would find and release. Changes nothing. */
export async function compare(
  application: string | undefined,
  options: CompareOptions,
  streams: Streams,
): Promise<number> {
  const since = secondsOf('--since', options.since, 1);
  const lag = secondsOf('--lag', options.lag, 0);
  const name = application ?? onlyApplication(options.definitions, 'compare');
  const environment = environmentOf(options);
  const { variables } = await guardedVariables(environment, options, streams);
  const { region, controlTable } = environment;
  const control = dynamoDbControl(name, controlTable, region, variables);
  const kinesis = kinesisStreams(region, variables);
  try {
    const { generations } = await control.generations();
    // One that was taken back stays in the list as a shadow that has ended.
    const shadow = generations.filter((one) => one.shadow === true && one.until === undefined).at(-1);
    const live = liveGeneration(generations);
    if (shadow === undefined || live === undefined) {
      throw new UserFault(
        `there is nothing to compare ${name} with in ${environment.name}: no shadow of it runs. Start one with ` +
          `\`spillway apply ${name} --env ${environment.name} --shadow\``,
      );
    }
    const until = Math.floor(Date.now() / 1_000) - lag;
    // A shadow says nothing before the second at which it had warmed up.
    const span = { from: Math.max(until - since, shadow.from), until };
    const from = new Date((span.from - beforeSeconds) * 1_000);
    const stated = (await excessStream(kinesis, environment.streams.excess).since(from, name)).map(
      ({ excess }) => excess,
    );
    const known = { version: 1 as const, application: name, generations: [...generations] };
    const comparison = compareExcesses(
      stated.filter((excess) => isHeard(known, excess)),
      stated.filter(({ generation }) => generation === shadow.generation),
      span,
    );
    const outcome = {
      environment: environment.name,
      application: name,
      live: live.generation,
      shadow: shadow.generation,
      span,
      comparison,
    };
    streams.stdout.write(options.json ? `${JSON.stringify(compareJson(outcome))}\n` : compareText(outcome));
    return EXIT_DONE;
  } finally {
    control.close();
    kinesis.close();
  }
}
