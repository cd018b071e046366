import { costItems } from '../cost/cost-items';
import { naiveDesign, thisDesign } from '../cost/design';
import { levers } from '../cost/levers';
import { type Measured, readMeasured } from '../cost/measured';
import { readPrices } from '../cost/prices';
import type { ApplicationLoad, Workload } from '../cost/workload';
import { listApplications, readDefinition } from '../definition/read-definition';
import { costJson, costText } from '../report/cost-report';
import { countOf } from './options';
import { EXIT_DONE, type Streams } from './streams';

export interface CostOptions {
  json: boolean;
  definitions: string;
  updatesPerDay: string;
  peakFactor: string;
  streamShards?: string;
  batchWindow: string;
  batchSize: string;
  keysPerSecond: string;
  resources: string;
  shards?: string;
  guards: string;
  excessesPerDay: string;
  zones: string;
  archive: boolean;
}

/** `spillway cost [application]`: what a month costs by list prices, beside a naive design, with the levers. Asks nobody. */
export function cost(application: string | undefined, options: CostOptions, streams: Streams): number {
  const prices = readPrices();
  const measured = readMeasured();
  const names = application === undefined ? listApplications(options.definitions) : [application];
  const workload = workloadOf(
    options,
    names.map((name) => loadOf(name, options.definitions, measured)),
  );
  const known = { workload, measured, prices: prices.prices, design: thisDesign(workload, measured) };
  const report = {
    ...{ workload, prices, measured, items: costItems(known), levers: levers(known) },
    naive: costItems({ ...known, design: naiveDesign(workload, measured) }),
  };
  streams.stdout.write(options.json ? `${JSON.stringify(costJson(report))}\n` : costText(report));
  return EXIT_DONE;
}

function workloadOf(options: CostOptions, applications: readonly ApplicationLoad[]): Workload {
  const { shards, streamShards } = options;
  return {
    updatesPerDay: countOf('--updates-per-day', options.updatesPerDay, 1e12),
    peakFactor: countOf('--peak-factor', options.peakFactor, 100),
    streamShards: streamShards === undefined ? undefined : countOf('--stream-shards', streamShards, 100_000),
    batchWindowSeconds: countOf('--batch-window', options.batchWindow, 300),
    batchSize: countOf('--batch-size', options.batchSize, 10_000),
    keysPerSecond: countOf('--keys-per-second', options.keysPerSecond, 10_000),
    resources: countOf('--resources', options.resources, 26),
    applications,
    usageShards: shards === undefined ? undefined : countOf('--shards', shards, 10_000),
    archive: options.archive,
    guards: countOf('--guards', options.guards, 100_000),
    excessesPerDay: countOf('--excesses-per-day', options.excessesPerDay, 1e9),
    zones: countOf('--zones', options.zones, 6),
  };
}

/** Only throttle has been measured: what another application takes depends on its SQL. */
function loadOf(name: string, definitions: string, { figures }: Measured): ApplicationLoad {
  const { capacity } = readDefinition(definitions, name);
  const entriesPerSecond = name === 'throttle' ? figures.throttleEntriesPerSecond.value : undefined;
  return { name, ...capacity, entriesPerSecond };
}
