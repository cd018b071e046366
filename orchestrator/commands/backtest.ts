import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFolderArchive } from '../archive/folder-archive';
import type { UsageArchive } from '../archive/usage-archive';
import { backtest, type TriedRule } from '../backtest/backtest';
import { chosenDetections, describedDetections } from '../backtest/chosen-detections';
import { readPolicy, readSubjects } from '../backtest/given-files';
import { readLateEntries } from '../backtest/late-entries';
import { spanOf } from '../backtest/span';
import { type Sweep, sweepOf } from '../backtest/sweep';
import { type Environment, readEnvironment } from '../definition/environments';
import { parameterValues } from '../definition/parameter-values';
import { type Definition, onlyApplication, readDefinition } from '../definition/read-definition';
import { refuseRolloutParameters } from '../plan/rollout-parameters';
import { backtestHtml } from '../report/backtest-html';
import { backtestJson, type BacktestReport, backtestText } from '../report/backtest-report';
import { progressOn } from '../report/progress';
import { UserFault } from '../user-fault';
import { type CommonOptions, parametersFrom, secondsOf } from './options';
import { EXIT_DONE, type Streams } from './streams';

export interface BacktestOptions extends CommonOptions {
  /** `name=value` of what is tried, over what it is compared with. */
  set?: string[];
  /** `name=value` of what it is compared with, over the environment's. */
  against?: string[];
  since: string;
  until?: string;
  /** `limit=20000..60000:5000` */
  sweep?: string;
  /** The folder with the archive. */
  archive: string;
  detection?: string[];
  exempt?: string[];
  exemptions?: string;
  knownGood?: string;
  policy?: string;
  late?: string;
  reaction: string;
  html?: string;
  excesses?: string;
  runner: string;
  workFolder: string;
}

/**
 * `spillway backtest [application]`: who would have been found and suspended, had other parameters been in force. Reads
 * files and writes none but those it is told to: nothing that it finds can reach a stream or a queue.
 */
export async function backtestCommand(
  application: string | undefined,
  options: BacktestOptions,
  streams: Streams,
): Promise<number> {
  const definition = readDefinition(
    options.definitions,
    application ?? onlyApplication(options.definitions, 'backtest'),
  );
  const environment = readEnvironment(
    options.environments ?? join(options.definitions, 'environments.json'),
    options.env,
  );
  const span = spanOf(options.since, options.until, Math.floor(Date.now() / 1_000));
  const sweep = options.sweep === undefined ? undefined : sweepOf(options.sweep, definition.parameters);
  const [old, rules] = triedRules(definition, environment, options, sweep);
  const detections = chosenDetections(definition.name, describedDetections(definition), options.detection);
  const given = {
    policy: readPolicy(options.policy),
    late: readLateEntries(options.late),
    exempt: new Set([
      ...(options.exempt ?? []),
      ...(options.exemptions === undefined ? [] : readSubjects('--exemptions', options.exemptions)),
    ]),
    knownGood:
      options.knownGood === undefined ? undefined : new Set(readSubjects('--known-good', options.knownGood)),
    reactionSeconds: secondsOf('--reaction', options.reaction, 0),
  };
  const archive = await openArchive(options);
  const progress = progressOn(streams.stderr);
  try {
    const outcome = await backtest(
      {
        ...{ definition, definitions: options.definitions, detections, span, old, rules, archive, ...given },
        ...{ runnerJar: options.runner, workFolder: options.workFolder },
      },
      progress,
    );
    progress.end();
    const report: BacktestReport = {
      ...{ application: definition.name, environment: environment.name, span, outcome },
      ...{
        archive: options.archive,
        detections: detections.map(({ name }) => name),
        sweep: sweep?.parameter,
      },
    };
    if (options.excesses !== undefined) writeFileSync(options.excesses, excessLines(report));
    if (options.html !== undefined) {
      writeFileSync(options.html, backtestHtml(report));
      progress.say(`written: ${options.html}`);
    }
    streams.stdout.write(options.json ? `${JSON.stringify(backtestJson(report))}\n` : backtestText(report));
    return EXIT_DONE;
  } finally {
    progress.end();
    archive.close();
  }
}

/** What is compared with, and what is tried. */
function triedRules(
  definition: Definition,
  environment: Environment,
  options: BacktestOptions,
  sweep: Sweep | undefined,
): [TriedRule, TriedRule[]] {
  const against = parametersFrom(options.against ?? []);
  const set = parametersFrom(options.set ?? []);
  refuseRolloutParameters([...against.keys(), ...set.keys()]);
  const valuesOf = (given: ReadonlyMap<string, string>): TriedRule['parameters'] =>
    parameterValues(definition, environment, given);
  const old = { label: 'old', parameters: valuesOf(against) };
  const tried = new Map([...against, ...set]);
  if (sweep === undefined) {
    return [old, set.size === 0 ? [] : [{ label: 'new', parameters: valuesOf(tried) }]];
  }
  const rules = sweep.values.map((value) => ({
    label: `${sweep.parameter}=${value}`,
    parameters: valuesOf(new Map([...tried, [sweep.parameter, value]])),
  }));
  return [old, rules];
}

/** Where there is none, says how a copy of the bucket is made. */
async function openArchive({ archive, workFolder }: BacktestOptions): Promise<UsageArchive> {
  if (!existsSync(archive)) {
    throw new UserFault(
      `there is no archive in ${archive}: copy the bucket's, \`aws s3 sync s3://BUCKET/usage ${join(archive, 'usage')}\`, ` +
        'or name another folder with --archive',
    );
  }
  return openFolderArchive(archive, { spillFolder: workFolder });
}

/** Each with the rule that states it; the application's name is marked. */
function excessLines({ outcome: { old, rules } }: BacktestReport): string {
  return [old, ...rules]
    .flatMap(({ figures, excesses }) =>
      excesses.map((excess) => `${JSON.stringify({ rule: figures.label, ...excess })}\n`),
    )
    .join('');
}
